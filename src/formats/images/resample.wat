;; The two passes of pillowBicubic (resample.ts), four sums at a time.
;;
;; An axis table holds, for each of `size` output pixels, where its taps start in the input, then `taps` weights:
;; i32 starts[size], i32 weights[size, taps], in 22-bit fixed point. Reading and writing may run past a row by a few bytes:
;; what is read there has weight zero, what is written there is written again, and the memory ends later than the data.
(module
  (memory (export "memory") 1)

  ;; [height, width, 3] → [height, size, 3]; the lanes are red, green, blue and the next pixel's red, which is overwritten.
  (func (export "rows")
    (param $in i32) (param $out i32) (param $width i32) (param $height i32) (param $size i32) (param $table i32) (param $taps i32)
    (local $x i32) (local $start i32) (local $tap i32) (local $weight i32) (local $at i32) (local $sum v128)
    (loop $nextRow
      (local.set $x (local.get $size))
      (local.set $start (local.get $table))
      (local.set $weight (i32.add (local.get $table) (i32.shl (local.get $size) (i32.const 2))))
      (loop $nextPixel
        (local.set $at (i32.add (local.get $in) (i32.mul (i32.const 3) (i32.load (local.get $start)))))
        (local.set $sum (v128.const i32x4 0x200000 0x200000 0x200000 0x200000)) ;; one half, so that the shift rounds
        (local.set $tap (local.get $taps))
        (loop $nextTap
          (local.set $sum (i32x4.add (local.get $sum) (i32x4.mul
            (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $at))))
            (v128.load32_splat (local.get $weight)))))
          (local.set $at (i32.add (local.get $at) (i32.const 3)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
          (br_if $nextTap (local.tee $tap (i32.sub (local.get $tap) (i32.const 1)))))
        (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 22)))
        (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
        (v128.store32_lane 0 (local.get $out) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum))) ;; 0 to 255
        (local.set $out (i32.add (local.get $out) (i32.const 3)))
        (local.set $start (i32.add (local.get $start) (i32.const 4)))
        (br_if $nextPixel (local.tee $x (i32.sub (local.get $x) (i32.const 1)))))
      (local.set $in (i32.add (local.get $in) (i32.mul (local.get $width) (i32.const 3))))
      (br_if $nextRow (local.tee $height (i32.sub (local.get $height) (i32.const 1))))))

  ;; [height, stride] → [size, stride], eight bytes of a row at a time.
  (func (export "columns")
    (param $in i32) (param $out i32) (param $stride i32) (param $size i32) (param $table i32) (param $taps i32)
    (local $y i32) (local $x i32) (local $start i32) (local $tap i32) (local $weights i32) (local $weight i32)
    (local $at i32) (local $first i32) (local $factor v128) (local $bytes v128) (local $low v128) (local $high v128)
    (local.set $y (local.get $size))
    (local.set $start (local.get $table))
    (local.set $weights (i32.add (local.get $table) (i32.shl (local.get $size) (i32.const 2))))
    (loop $nextRow
      (local.set $first (i32.add (local.get $in) (i32.mul (local.get $stride) (i32.load (local.get $start)))))
      (local.set $x (i32.const 0))
      (loop $nextBytes
        (local.set $at (i32.add (local.get $first) (local.get $x)))
        (local.set $weight (local.get $weights))
        (local.set $tap (local.get $taps))
        (local.set $low (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
        (local.set $high (local.get $low))
        (loop $nextTap
          (local.set $factor (v128.load32_splat (local.get $weight)))
          (local.set $bytes (i16x8.extend_low_i8x16_u (v128.load64_zero (local.get $at))))
          (local.set $low (i32x4.add (local.get $low)
            (i32x4.mul (local.get $factor) (i32x4.extend_low_i16x8_u (local.get $bytes)))))
          (local.set $high (i32x4.add (local.get $high)
            (i32x4.mul (local.get $factor) (i32x4.extend_high_i16x8_u (local.get $bytes)))))
          (local.set $at (i32.add (local.get $at) (local.get $stride)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
          (br_if $nextTap (local.tee $tap (i32.sub (local.get $tap) (i32.const 1)))))
        (local.set $low (i16x8.narrow_i32x4_s
          (i32x4.shr_s (local.get $low) (i32.const 22))
          (i32x4.shr_s (local.get $high) (i32.const 22))))
        (v128.store64_lane 0
          (i32.add (local.get $out) (local.get $x))
          (i8x16.narrow_i16x8_u (local.get $low) (local.get $low)))
        (br_if $nextBytes (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 8))) (local.get $stride))))
      (local.set $out (i32.add (local.get $out) (local.get $stride)))
      (local.set $start (i32.add (local.get $start) (i32.const 4)))
      (local.set $weights (local.get $weight))
      (br_if $nextRow (local.tee $y (i32.sub (local.get $y) (i32.const 1)))))))
