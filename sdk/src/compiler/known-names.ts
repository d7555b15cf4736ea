/** Free names that need no definer: JavaScript's, those of a browser's Worker, and those that Flowcell puts into every cell. */

const LANGUAGE = `
AggregateError Array ArrayBuffer AsyncDisposableStack AsyncIterator Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date
DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array
Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String
SuppressedError Symbol SyntaxError Temporal TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet
WebAssembly decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined
unescape
`
const BROWSER = `
AbortController AbortSignal Blob BroadcastChannel ByteLengthQueuingStrategy Cache CacheStorage CloseEvent CompressionStream
CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DOMMatrix DOMPoint DOMQuad DOMRect DecompressionStream ErrorEvent Event
EventSource EventTarget File FileList FileReader FileReaderSync FontFace FormData Headers ImageBitmap ImageData MessageChannel MessageEvent
MessagePort OffscreenCanvas OffscreenCanvasRenderingContext2D Path2D Performance PerformanceEntry PerformanceObserver ProgressEvent
PromiseRejectionEvent ReadableStream ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder TextDecoderStream TextEncoder
TextEncoderStream TransformStream URL URLPattern URLSearchParams WebSocket WebTransport Worker WritableStream
WritableStreamDefaultWriter XMLHttpRequest addEventListener atob btoa caches cancelAnimationFrame clearInterval clearTimeout close console
createImageBitmap crypto dispatchEvent fetch fonts importScripts indexedDB isSecureContext location name navigator onerror onmessage
onmessageerror onunhandledrejection origin performance postMessage queueMicrotask removeEventListener reportError requestAnimationFrame
scheduler self setInterval setTimeout structuredClone trustedTypes
`
/** What a cell may use without importing it. */
const FLOWCELL = 'display html input latex md progress svg'

const KNOWN: ReadonlySet<string> = new Set([LANGUAGE, BROWSER, FLOWCELL].flatMap((names) => names.trim().split(/\s+/)))

export const isKnownName = (name: string): boolean => KNOWN.has(name)
