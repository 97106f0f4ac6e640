const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const two = (value: number): string => String(value).padStart(2, "0");
const hour12 = (date: Date): number => date.getUTCHours() % 12 || 12;

const parts: Readonly<Record<string, (date: Date) => string>> = {
  A: (date) => days[date.getUTCDay()]!,
  a: (date) => days[date.getUTCDay()]!.slice(0, 3),
  B: (date) => months[date.getUTCMonth()]!,
  b: (date) => months[date.getUTCMonth()]!.slice(0, 3),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(hour12(date)),
  j: (date) =>
    String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1).padStart(3, "0"),
  M: (date) => two(date.getUTCMinutes()),
  m: (date) => two(date.getUTCMonth() + 1),
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  S: (date) => two(date.getUTCSeconds()),
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  "%": () => "%",
};

/** Python's `strftime` in UTC and English, `%-d` for no leading zero included; what it does not know stays. */
export function strftime(date: Date, format: string): string {
  return format.replace(/%(-?)([a-zA-Z%])/g, (whole, bare: string, letter: string) => {
    const text = Object.hasOwn(parts, letter) ? parts[letter]!(date) : whole;
    return bare && text !== whole ? text.replace(/^0+(?=\d)/, "") : text;
  });
}
