/** Whether `Accept-Encoding` allows gzip: by its name or by `*`, and not with a weight of nothing. */
export function acceptsGzip(acceptEncoding: string | null | undefined): boolean {
  const weights = new Map(
    (acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((each) => {
        const [coding = '', weight = ''] = each.replaceAll(/\s/g, '').split(';q=');
        return [coding, weight === '' ? 1 : Number(weight)];
      }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
