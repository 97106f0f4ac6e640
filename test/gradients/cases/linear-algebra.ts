import { numpy as np } from "@jax-js/jax";
import { affine, einsum, matmul } from "#engine";
import { row } from "../case.ts";
import { fill, normal, type Plain, plain, total } from "../plain.ts";

const a = normal("a", [3, 4]);
const b = normal("b", [4, 5]);
const c = normal("c", [5, 4]);
const batch = normal("batch", [2, 3, 4]);
const other = normal("other", [2, 4, 5]);
const wide = normal("wide", [6, 1, 3, 4]);
const bias = normal("bias", [5]);
const vector = normal("vector", [4]);
const single = normal("single", [1, 4]);

const product = (a: Plain, b: Plain, shape: number[]) =>
  fill(shape, (place) => {
    const [i, j] = place.slice(-2);
    const before = place.slice(0, -2);
    return total(4, (l) => a.at([...before, i!, l]) * b.at([...before, l, j!]));
  });

// jax-js 0.1.25 orders the batch axes of np.matmul otherwise than NumPy where only one side has them; einsum does not.
export const linearAlgebra = [
  row("MatMul", {
    inputs: { a, b },
    ours: ({ a, b }) => a.matmul(b),
    plain: ({ a, b }) => product(a, b, [3, 5]),
    jax: ({ a, b }) => np.matmul(a, b),
  }),
  row("MatMul", {
    note: "of batches",
    inputs: { batch, other },
    ours: ({ batch, other }) => matmul(batch, other),
    plain: ({ batch, other }) => product(batch, other, [2, 3, 5]),
    jax: ({ batch, other }) => np.matmul(batch, other),
  }),
  row("MatMul", {
    note: "of a batch with one matrix",
    inputs: { batch, b },
    ours: ({ batch, b }) => batch.matmul(b),
    plain: ({ batch, b }) => product(batch, b, [2, 3, 5]),
    jax: ({ batch, b }) => np.matmul(batch, b),
  }),
  row("MatMul", {
    note: "of one matrix with a batch",
    inputs: { a, other },
    ours: ({ a, other }) => a.matmul(other),
    plain: ({ a, other }) => product(a, other, [2, 3, 5]),
    jax: ({ a, other }) => np.einsum("ij,bjk->bik", a, other),
  }),
  row("MatMul", {
    note: "of batches that broadcast",
    inputs: { wide, other },
    ours: ({ wide, other }) => wide.matmul(other),
    plain: ({ wide, other }) => product(wide, other, [6, 2, 3, 5]),
    jax: ({ wide, other }) => np.einsum("aij,bjk->abik", wide.reshape([6, 3, 4]), other),
  }),
  row("MatMul", {
    note: "with the right side transposed",
    inputs: { a, c },
    ours: ({ a, c }) => a.matmul(c.swapAxes(0, 1)),
    plain: ({ a, c }) => fill([3, 5], ([i, j]) => total(4, (l) => a.at([i!, l]) * c.at([j!, l]))),
    jax: ({ a, c }) => np.matmul(a, np.transpose(c)),
  }),
  row("MatMul", {
    note: "with the left side transposed, scaled",
    inputs: { a },
    ours: ({ a }) => a.swapAxes(0, 1).matmul(a, { scale: 0.5 }),
    plain: ({ a }) => fill([4, 4], ([i, j]) => 0.5 * total(3, (l) => a.at([l, i!]) * a.at([l, j!]))),
    jax: ({ a }) => np.matmul(np.transpose(a.ref), a).mul(0.5),
  }),
  row("MatMul", {
    note: "of batches, both transposed and scaled",
    inputs: { batch, other },
    ours: ({ batch, other }) => other.swapAxes(1, 2).matmul(batch.swapAxes(1, 2), { scale: 2 }),
    plain: ({ batch, other }) =>
      fill([2, 5, 3], ([n, i, j]) => 2 * total(4, (l) => other.at([n!, l, i!]) * batch.at([n!, j!, l]))),
    jax: ({ batch, other }) => np.matmul(np.swapaxes(other, 1, 2), np.swapaxes(batch, 1, 2)).mul(2),
  }),
  row("MatMul", {
    note: "of a matrix with a vector",
    inputs: { batch, vector },
    ours: ({ batch, vector }) => batch.matmul(vector),
    plain: ({ batch, vector }) => fill([2, 3], ([n, i]) => total(4, (l) => batch.at([n!, i!, l]) * vector.at([l]))),
    jax: ({ batch, vector }) => np.matmul(batch, vector),
  }),
  row("MatMul", {
    note: "of two vectors",
    inputs: { vector },
    ours: ({ vector }) => vector.matmul(vector),
    plain: ({ vector }) => plain([], [total(4, (l) => vector.at([l]) ** 2)]),
    jax: ({ vector }) => np.matmul(vector.ref, vector),
  }),
  row("MatMul", {
    note: "of one row",
    inputs: { single, b },
    ours: ({ single, b }) => single.matmul(b),
    plain: ({ single, b }) => product(single, b, [1, 5]),
    jax: ({ single, b }) => np.matmul(single, b),
  }),
  row("Affine", {
    inputs: { batch, b, bias },
    ours: ({ batch, b, bias }) => affine(batch, { weight: b, bias }),
    plain: ({ batch, b, bias }) => {
      const xW = product(batch, b, [2, 3, 5]);
      return fill([2, 3, 5], (i) => xW.at(i) + bias.at(i));
    },
    jax: ({ batch, b, bias }) => np.matmul(batch, b).add(bias),
  }),
  row("Affine", {
    note: "with a transposed weight",
    inputs: { a, c, bias },
    ours: ({ a, c, bias }) => affine(a, { weight: c.swapAxes(0, 1), bias }),
    plain: ({ a, c, bias }) => fill([3, 5], ([i, j]) => bias.at([j!]) + total(4, (l) => a.at([i!, l]) * c.at([j!, l]))),
    jax: ({ a, c, bias }) => np.matmul(a, np.transpose(c)).add(bias),
  }),
  row("Affine", {
    note: "without a bias",
    inputs: { a, b },
    ours: ({ a, b }) => affine(a, { weight: b }),
    plain: ({ a, b }) => product(a, b, [3, 5]),
  }),
  row("MatMul", {
    note: "as an einsum with heads",
    inputs: { q: normal("q", [2, 3, 2, 4]), k: normal("k", [2, 5, 2, 4]) },
    ours: ({ q, k }) => einsum("bthd,bshd->bhts", q, k),
    plain: ({ q, k }) =>
      fill([2, 2, 3, 5], ([n, h, t, s]) => total(4, (d) => q.at([n!, t!, h!, d]) * k.at([n!, s!, h!, d]))),
    jax: ({ q, k }) => np.einsum("bthd,bshd->bhts", q, k),
  }),
  row("MatMul", {
    note: "as an einsum of three with a sum",
    inputs: { a, b, c },
    ours: ({ a, b, c }) => einsum("ij, jk, kl -> li", a, b, c),
    plain: ({ a, b, c }) =>
      fill([4, 3], ([l, i]) => total(4, (j) => total(5, (k) => a.at([i!, j]) * b.at([j, k]) * c.at([k, l!])))),
    jax: ({ a, b, c }) => np.einsum("ij,jk,kl->li", a, b, c),
  }),
  row("ReduceSum", {
    note: "as an einsum of one",
    inputs: { batch },
    ours: ({ batch }) => einsum("ijk->ki", batch),
    plain: ({ batch }) => fill([4, 2], ([k, i]) => total(3, (j) => batch.at([i!, j, k!]))),
    jax: ({ batch }) => np.einsum("ijk->ki", batch),
  }),
  row("MatMul", {
    note: "as an outer product",
    inputs: { vector, bias },
    ours: ({ vector, bias }) => einsum("i,j->ij", vector, bias),
    plain: ({ vector, bias }) => fill([4, 5], ([i, j]) => vector.at([i!]) * bias.at([j!])),
    jax: ({ vector, bias }) => np.einsum("i,j->ij", vector, bias),
  }),
];
