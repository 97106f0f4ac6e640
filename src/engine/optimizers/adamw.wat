;; One pass of AdamW (adamw.ts) over a piece of weights, gradients and moments, four values at a time, in the order of
;; operations of its formula. A piece has at most 8192 values; what is computed past its end is never read.
(module
  (memory (export "memory") 2)

  (func (export "step")
    (param $count i32)
    (param $beta1 f32) (param $beta2 f32) (param $epsilon f32)
    (param $firstShare f32) (param $keep f32) (param $rate f32) (param $secondShare f32)
    (local $at i32) (local $end i32)
    (local $gradient v128) (local $first v128) (local $second v128) (local $share v128)
    (local.set $end (i32.shl (local.get $count) (i32.const 2)))
    (loop $next
      (local.set $gradient (v128.load offset=32768 (local.get $at)))
      ;; m' = β₁ m + (1 − β₁) g
      (local.set $first (f32x4.add
        (f32x4.mul (v128.load offset=65536 (local.get $at)) (f32x4.splat (local.get $beta1)))
        (f32x4.mul (local.get $gradient) (f32x4.splat (local.get $firstShare)))))
      ;; v' = β₂ v + (√(1 − β₂) g)²
      (local.set $share (f32x4.mul (local.get $gradient) (f32x4.splat (local.get $secondShare))))
      (local.set $second (f32x4.add
        (f32x4.mul (v128.load offset=98304 (local.get $at)) (f32x4.splat (local.get $beta2)))
        (f32x4.mul (local.get $share) (local.get $share))))
      (v128.store offset=65536 (local.get $at) (local.get $first))
      (v128.store offset=98304 (local.get $at) (local.get $second))
      ;; w' = (1 − η λ) w − r · m' / (√v' + e)
      (v128.store (local.get $at) (f32x4.sub
        (f32x4.mul (v128.load (local.get $at)) (f32x4.splat (local.get $keep)))
        (f32x4.mul
          (f32x4.div (local.get $first) (f32x4.add (f32x4.sqrt (local.get $second)) (f32x4.splat (local.get $epsilon))))
          (f32x4.splat (local.get $rate)))))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))))
