/**
 * Hashes of what the paper's numbers were measured on: positions of the needles in the 21 configurations, drawn with seed
 * 0; the captions of `file_to_caption`; the prompts of needle.py. paper-hashes.test.ts computes each anew.
 */
export const paperHashes: {
  /** By configuration: `M10-N4-K1`. */
  readonly positions: Readonly<Record<string, string>>;
  readonly captions: string;
  readonly prompt: string;
} = {
  positions: {
    "M1-N2-K1": "abdfc55f50c3c09cd68bdfe795750fd9625738ee7c7020c9838587fdae0a44ee",
    "M1-N4-K1": "cff19f5dfb8617c99759fb34ccd037dcd2267926e1efe190b88b05f1870ce422",
    "M1-N8-K1": "14503d72e816734b9c48d61ec908df837d9e66054204ea4aefbe9b61a7dcfd35",
    "M10-N1-K1": "0b4463cdc2ebec9c3b973b892e7667e46356508b2b82c2470048f75124029e51",
    "M10-N2-K1": "b7f236da0b9bcefa0083006c7e3cfbca040110ec8eeb7c97a9453b094115f9ef",
    "M10-N4-K1": "3106e172bb8f2b12cc3ad0cb68919419969dd6efac1357ca67fe5b4bb909fef1",
    "M10-N8-K1": "e8fb7bf0c25da49dc73786c4028295e5864a7da2a09e8b60ec7f9185ed28416e",
    "M1-N2-K2": "c76820116b5b7c003e97abb2bfb4d66920b97a9b022c098be3f632935845f810",
    "M1-N4-K2": "9a333b0d458d295d96a9c8db2cc1dc3f79cd613cbf93922058335e34a7551abb",
    "M1-N8-K2": "599793cd3f485dd035353636f80f7c310dee9b0468055514c7bd8e459e26e76e",
    "M10-N1-K2": "2aa3feeb3c51b4c85b0135afdec7cd17bd79b4f4b0b3d0f0ac611ce465a48b23",
    "M10-N2-K2": "bf90878155ec80845226806e4cbb97de7cdffc8beb7be3765a716ca5cc059538",
    "M10-N4-K2": "cc5b9c49c86f216c504d0fba43b5f4f2d62c4b65d0a90d94b96ee704b924108e",
    "M10-N8-K2": "135ebd505d03859575109844023a9e56758d5792dfbd7ba6c50faa442b177c37",
    "M1-N2-K5": "e5c3a61a9cab5598524c0e343b5a0da9d81a92cb0d10c439b1172663fa142a01",
    "M1-N4-K5": "2098f189b5034eebc4ea147fbdff7c3f5e26e126eb14a554ab85ef1bbb480c52",
    "M1-N8-K5": "82a5b3479ee1c92ce934435e3ae98c037376ae016ae1134c07376b8c0069461d",
    "M10-N1-K5": "6cd0984fe1e6feaa6fac9197dad582ab40162ff289a3caa7f89b2c8c7430a7b2",
    "M10-N2-K5": "8f6a6d7155cf1c2335cb5e7ed1caf2b8093ea1702f79aae6f9c8867c0bdce0ca",
    "M10-N4-K5": "32aec3d131bba4e0de5e359595df03eb50ef768f1b61f1b282ffa0bd7bfab6c1",
    "M10-N8-K5": "cf83d7cfda1b9a1ba19c064db1d84ec5b63eddaf8ab51bcdfa02950c6079eccd",
  },
  captions: "08cfa3b715a944550da68acad156e0410bb090a264dd907633ae83923a9f26a0",
  prompt: "75669570386850fbd39017c12cfd84992bc7f21edecfdf63e57abba7a8566f9d",
};
