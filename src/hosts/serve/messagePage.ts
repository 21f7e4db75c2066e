/** A page of plain words, for a person whose browser gets no window. The texts are ours, without markup. */
export function messagePage(title: string, text: string, status: number): Response {
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">` +
    `<link rel="icon" href="data:,"><title>${title} · Cubelens</title></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`;
  return new Response(html, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}
