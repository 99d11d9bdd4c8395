/** What `kernelBits` gives with either engine on Node 22.23, 24.21 and 26.10 and in Chromium. A change of the kernel's arithmetic changes it. */
export const pinnedBits = '3bd26301bf50bd6f'
