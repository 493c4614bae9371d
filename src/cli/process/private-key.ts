/** The App's private key in the ways in which environments carry one: PEM, PEM with `\n` written out, base64 of it. It knows no variable. */
import { createPrivateKey } from 'node:crypto'

/** The key as PEM; null when it is no RSA private key. https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps */
export function readPrivateKey(given: string): string | null {
  const pem = unfold(given.trim())
  if (!pem.startsWith('-----BEGIN ')) return null
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa' ? pem : null
  } catch {
    // Whatever the parser has to say may quote the key.
    return null
  }
}

function unfold(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text
  if (quoted.startsWith('-----BEGIN ')) return quoted.replaceAll('\\n', '\n').trim()
  return /^[\w+/=\s-]+$/.test(quoted) ? Buffer.from(quoted, 'base64').toString('utf8').trim() : quoted
}
