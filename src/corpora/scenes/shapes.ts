/** The outline of each shape as an SVG path inside the unit circle, y downwards. */
export const shapes = {
  circle: "M.96 0A.96.96 0 1 1-.96 0A.96.96 0 1 1 .96 0Z",
  square: "M-.7-.7H.7V.7H-.7Z",
  triangle: "M0-.98L.85.49H-.85Z",
  diamond: "M0-.98L.62 0L0 .98L-.62 0Z",
  star: "M0-1L.247-.34L.951-.309L.4.13L.588.809L0 .42L-.588.809L-.4.13L-.951-.309L-.247-.34Z",
  hexagon: "M.96 0L.48.831H-.48L-.96 0L-.48-.831H.48Z",
  heart: "M0 .92C-.95.3-.92-.2-.78-.44C-.6-.74-.15-.72 0-.3C.15-.72.6-.74.78-.44C.92-.2.95.3 0 .92Z",
  cross: "M-.34-.9H.34V-.34H.9V.34H.34V.9H-.34V.34H-.9V-.34H-.34Z",
  crescent: "M.3-.91A.96.96 0 1 0 .3.91A1 1 0 0 1 .3-.91Z",
  arrow: "M-.9-.38H.05V-.84L.96 0L.05.84V.38H-.9Z",
} as const;

/** The shapes that can surround others. */
export const containers = ["circle", "square", "hexagon"] as const satisfies readonly (keyof typeof shapes)[];

/** Half the side of the largest square, level and centred, that lies well inside a container of radius 1. */
export const roomInside: Readonly<Record<(typeof containers)[number], number>> = {
  circle: 0.62,
  square: 0.62,
  hexagon: 0.55,
};
