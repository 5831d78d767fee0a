/** The beginning of an answer's body as text: an endless one must not fill the memory of a function. */
export async function readStart(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const decoder = new TextDecoder();
  let body = '';
  let room = bytesMax;
  while (room > 0) {
    const { done, value } = await reader.read();
    if (done) return body + decoder.decode();
    const part = value.subarray(0, room);
    body += decoder.decode(part, { stream: true });
    room -= part.length;
  }
  // Frees the connection; what becomes of the rest does not matter, so nobody waits for it.
  void reader.cancel().catch(() => undefined);
  return body;
}
