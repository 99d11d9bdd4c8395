/** One memory seen as numbers of 64 bits and as whole numbers of 32. */
export type KernelViews = { readonly reals: Float64Array; readonly wholes: Uint32Array }

/** Views over all of `buffer`, whose length is a multiple of eight. */
export function kernelViews(buffer: ArrayBufferLike): KernelViews {
  return { reals: new Float64Array(buffer), wholes: new Uint32Array(buffer) }
}
