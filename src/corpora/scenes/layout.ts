import { invariant, type RandomStream, stream } from "#base";
import { radii } from "./attributes.ts";
import { captionOf, type Scene, type SceneGroup, type SceneRelation } from "./scene.ts";
import { containers, roomInside } from "./shapes.ts";

/** The canvas is 100 × 100, whatever its size in pixels. */
export const canvas = 100;

/** Where one thing lies: the middle of the circle around it, and that circle's radius. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The places of each group's things. */
export interface Layout {
  readonly first: readonly Place[];
  readonly second: readonly Place[];
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const margin = 3;
/** Between two things, and half of it between a thing and the border between two groups. */
const gap = 2;
const whole: Area = { x: margin, y: margin, width: canvas - 2 * margin, height: canvas - 2 * margin };
const half = canvas / 2 - margin - gap;
const left: Area = { ...whole, width: half };
const right: Area = { ...left, x: canvas / 2 + gap };
const upper: Area = { ...whole, height: half };
const lower: Area = { ...upper, y: canvas / 2 + gap };

const areas: Readonly<Record<Exclude<SceneRelation, "inside">, readonly [Area, Area]>> = {
  "left of": [left, right],
  "right of": [right, left],
  above: [upper, lower],
  below: [lower, upper],
};

/** Places for a scene's things, from the scene's own random stream. Things never overlap and never leave the canvas. */
export function layoutOf(scene: Scene): Layout {
  const random = stream(0, `corpora/scenes/layout/${captionOf(scene)}`);
  const { first, second } = scene;
  if (second === null) return { first: placed(random, first, whole), second: [] };
  if (second.relation === "inside") {
    const middle = { x: canvas / 2, y: canvas / 2, radius: radii.huge };
    return { first: placed(random, first, areaInside(second.group)), second: [middle] };
  }
  const [here, there] = areas[second.relation];
  return { first: placed(random, first, here), second: placed(random, second.group, there) };
}

function areaInside({ shape, size }: SceneGroup): Area {
  const container = containers.find((name) => name === shape);
  invariant(container !== undefined && size === "huge", `a ${size} ${shape} surrounds nothing`);
  const reach = roomInside[container] * radii.huge;
  return { x: canvas / 2 - reach, y: canvas / 2 - reach, width: 2 * reach, height: 2 * reach };
}

const throws = 300;

/** Thrown at random as long as that works, else in a zigzag, which always does. */
function placed(random: RandomStream, { count, size }: SceneGroup, area: Area): Place[] {
  const radius = radii[size];
  for (let tries = 0; tries < throws; tries++) {
    const places = Array.from({ length: count }, () => ({
      x: area.x + radius + random.next() * (area.width - 2 * radius),
      y: area.y + radius + random.next() * (area.height - 2 * radius),
      radius,
    }));
    if (areApart(places)) return places;
  }
  return zigzag(random, { count, radius, area });
}

function areApart(places: readonly Place[]): boolean {
  return places.every((one, at) =>
    places.slice(at + 1).every((other) => Math.hypot(one.x - other.x, one.y - other.y) >= 2 * one.radius + gap),
  );
}

function zigzag(random: RandomStream, { count, radius, area }: Zigzag): Place[] {
  const turn = random.int(2);
  const isTall = area.height >= area.width;
  const [length, breadth] = [
    Math.max(area.width, area.height) - 2 * radius,
    Math.min(area.width, area.height) - 2 * radius,
  ];
  return Array.from({ length: count }, (_, at) => {
    const along = radius + (length * at) / Math.max(1, count - 1);
    const across = radius + breadth * ((at + turn) % 2);
    return { x: area.x + (isTall ? across : along), y: area.y + (isTall ? along : across), radius };
  });
}

interface Zigzag {
  readonly count: number;
  readonly radius: number;
  readonly area: Area;
}
