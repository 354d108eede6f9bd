/** Memory whose views throw where they are read or written outside, as plain ones silently do not. */

const VIEWS = ['Int8Array', 'Int16Array', 'Int32Array', 'Float32Array'] as const;

type View = Int8Array | Int16Array | Int32Array | Float32Array;

/** Runs `load`; views of a whole buffer that it makes, as the scalar kernels do, check every index from then on. */
export function withCheckedViews<T>(load: () => T): T {
  const originals = VIEWS.map((name) => globalThis[name]);
  for (const [i, name] of VIEWS.entries()) {
    Object.assign(globalThis, { [name]: new Proxy(originals[i], { construct: constructChecked }) });
  }
  try {
    return load();
  } finally {
    for (const [i, name] of VIEWS.entries()) Object.assign(globalThis, { [name]: originals[i] });
  }
}

function constructChecked(target: new (...args: never[]) => View, args: unknown[], newTarget: unknown): View {
  const view = Reflect.construct(target, args, newTarget as typeof target) as View;
  return args.length === 1 && args[0] instanceof ArrayBuffer ? checked(view) : view;
}

function checked(view: View): View {
  const check = (...places: number[]): void => {
    const wrong = places.find((place) => !(Number.isInteger(place) && place >= 0 && place <= view.length));
    if (wrong !== undefined) throw new RangeError(`expected a place within 0..${view.length}, got ${wrong}`);
  };
  const methods: Record<string, unknown> = {
    fill(value: number, begin: number, end: number) {
      check(begin, end);
      view.fill(value, begin, end);
    },
    copyWithin(to: number, from: number, end: number) {
      check(to, from, end, to + end - from);
      view.copyWithin(to, from, end);
    },
  };
  return new Proxy(view, {
    get(target, key) {
      if (typeof key === 'string' && key in methods) return methods[key];
      const value = Reflect.get(target, key, target);
      if (value === undefined) throw new RangeError(`read outside of the arena: ${String(key)} of ${target.length}`);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, key, value) {
      if (!(key in target)) throw new RangeError(`written outside of the arena: ${String(key)} of ${target.length}`);
      return Reflect.set(target, key, value, target);
    },
  });
}
