/** Tells whether words changed, without keeping them: equal content, equal fingerprint. It is no defence against anybody. */

/** 16 hex digits for a text, or for plain data by its JSON. */
export function fingerprint(content: string | object): string {
  return hash(typeof content === 'string' ? content : JSON.stringify(content))
}

/** FNV-1a over the UTF-16 units, twice: one round alone has 32 bits. */
const hash = (text: string): string => fnv(text, 0x811c9dc5) + fnv(text, 0x9747b28c)

function fnv(text: string, seed: number): string {
  let value = seed
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}
