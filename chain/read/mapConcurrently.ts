/** Maps in order with at most `limit` calls under way, so that a long history does not flood a node. The first failure rejects. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  map: (item: Item, i: number) => Promise<Result>,
  limit = 32,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++
      results[i] = await map(items[i] as Item, i)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
