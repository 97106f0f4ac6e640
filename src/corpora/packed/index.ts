export { type BloodCell, type CellBox, type SmearWindow, smearClasses, smearWindows } from "./blood-smears.ts";
export { type SignDigit, signDigitClasses, signDigits } from "./sign-digits.ts";
