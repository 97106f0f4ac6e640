import { tensor } from "#base";
import { axisSize, constant, customVjp, dropout, full, onesLike, range, stopGradient, zerosLike } from "#engine";
import { apply } from "../../../src/engine/graph/operator.ts";
import { control as operators } from "../../../src/engine/operators/control.ts";
import { row } from "../case.ts";
import { each, fill, normal, plain } from "../plain.ts";

const x = normal("control", [2, 3]);
const square = customVjp(
  (x) => x.mul(x),
  (dy, { inputs: [x] }) => [dy.mul(x!).mul(2)],
);

export const control = [
  row("Barrier", { inputs: { x }, ours: ({ x }) => apply(operators.Barrier, [x, x.exp()], {}), plain: ({ x }) => x }),
  row("Barrier", {
    note: "behind numbers that are infinite",
    differentiable: false,
    inputs: { x, odd: tensor([1], [Number.POSITIVE_INFINITY]) },
    ours: ({ x, odd }) => apply(operators.Barrier, [x, odd], {}),
    plain: ({ x }) => x,
  }),
  row("CustomVjp", { inputs: { x }, ours: ({ x }) => square(x), plain: ({ x }) => each(x, (v) => v * v) }),
  row("StopGradient", { inputs: { x }, ours: ({ x }) => stopGradient(x).mul(0).add(x), plain: ({ x }) => x }),
  row("Input", { inputs: { x }, ours: ({ x }) => x, plain: ({ x }) => x }),
  row("Constant", {
    inputs: { x },
    ours: ({ x }) => x.mul(constant(3, x.dtype)),
    plain: ({ x }) => each(x, (v) => 3 * v),
  }),
  row("AxisSize", {
    note: "of a known axis",
    differentiable: false,
    ours: () => axisSize(7),
    plain: () => plain([], [7]),
  }),
  row("Range", { differentiable: false, ours: () => range(4), plain: () => plain([4], [0, 1, 2, 3]) }),
  row("Expand", {
    note: "of a number",
    inputs: { x },
    ours: ({ x }) => full([2, 3], 2, x.dtype).mul(x).add(zerosLike(x)).add(onesLike(x)),
    plain: ({ x }) => each(x, (v) => 2 * v + 1),
  }),
  row("Mul", {
    note: "with a mask of dropout",
    inputs: { x },
    fixed: { mask: tensor([2, 3], [2, 0, 0, 2, 2, 0]) },
    ours: ({ x, mask }) => dropout(x, mask),
    plain: ({ x, mask }) => fill([2, 3], (i) => x.at(i) * mask.at(i)),
  }),
];
