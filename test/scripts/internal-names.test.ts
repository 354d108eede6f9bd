/** Holds the names that the standalone file shortens against everything that outsiders call by its name. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';

const ENTRY = 'src/runtime/browser.ts';
/** Only `readStudent` and `loadStudent` make a student, so what its constructor takes is no name of the API. */
const MADE_INSIDE = ['ParsedStudent', 'StudentSetup'];

const names: readonly string[] = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      "import { INTERNAL_NAMES } from './scripts/internal-names.mjs'; console.log(JSON.stringify(INTERNAL_NAMES));",
    ],
    { encoding: 'utf8' },
  ),
);

const { options } = ts.convertCompilerOptionsFromJson(
  { ...ts.readConfigFile('tsconfig.base.json', ts.sys.readFile).config.compilerOptions, lib: ['ES2022', 'DOM'] },
  '.',
);
const program = ts.createProgram([ENTRY], options);
const checker = program.getTypeChecker();

/** True for what the language or a host declares. */
function isForeign(symbol: ts.Symbol | undefined): boolean {
  return symbol?.declarations?.every((node) => program.isSourceFileDefaultLibrary(node.getSourceFile())) ?? false;
}

/** Names of the properties of every type that the exports of the file lead to, types of the language left out. */
function publicNames(): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<ts.Type>();

  function visitSignature(signature: ts.Signature): void {
    for (const parameter of signature.getParameters()) visit(checker.getTypeOfSymbol(parameter));
    visit(signature.getReturnType());
  }

  function visit(type: ts.Type): void {
    if (seen.has(type) || MADE_INSIDE.includes(type.symbol?.name)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) type.types.forEach(visit);
    for (const argument of checker.getTypeArguments(type as ts.TypeReference)) visit(argument);
    type.aliasTypeArguments?.forEach(visit);
    if (isForeign(type.symbol)) return;
    for (const property of type.getProperties()) {
      if (isForeign(property) || property.name.startsWith('#')) continue;
      found.add(property.name);
      visit(checker.getTypeOfSymbol(property));
    }
    [...type.getCallSignatures(), ...type.getConstructSignatures()].forEach(visitSignature);
  }

  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(ENTRY)!)!)) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (target.flags & ts.SymbolFlags.Value) visit(checker.getTypeOfSymbol(target));
    if (target.flags & ts.SymbolFlags.Type) visit(checker.getDeclaredTypeOfSymbol(target));
  }
  return found;
}

/** Names of properties that the source reads of objects of the language or the host, or writes into what these take. */
function hostNames(): ReadonlySet<string> {
  const found = new Set<string>();

  function visit(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node) && isForeign(checker.getSymbolAtLocation(node.name))) {
      found.add(node.name.text);
    }
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const name = (node.propertyName ?? node.name).getText();
      if (isForeign(checker.getTypeAtLocation(node.parent).getProperty(name))) found.add(name);
    }
    if (ts.isObjectLiteralExpression(node)) {
      const taken = checker.getContextualType(node);
      const types = taken?.isUnion() ? taken.types : taken ? [taken] : [];
      for (const name of node.properties.flatMap((property) => property.name?.getText() ?? [])) {
        if (types.some((type) => isForeign(type.symbol) || isForeign(type.getProperty(name)))) found.add(name);
      }
    }
    ts.forEachChild(node, visit);
  }

  for (const file of program.getSourceFiles()) if (!program.isSourceFileDefaultLibrary(file)) visit(file);
  return found;
}

/** Names of the properties that a script reads, writes or declares; variables and texts of the same name are none. */
function propertyNames(script: string): ReadonlySet<string> {
  const found = new Set<string>();

  function visit(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node)) found.add(node.name.text);
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      found.add((node.propertyName ?? node.name).getText());
    }
    if (ts.isObjectLiteralElement(node) || ts.isClassElement(node)) {
      const name = node.name?.getText();
      if (name !== undefined) found.add(name);
    }
    ts.forEachChild(node, visit);
  }

  visit(ts.createSourceFile('script.js', script, ts.ScriptTarget.ES2022, true));
  return found;
}

let bundled: string;

beforeAll(async () => {
  const { outputFiles } = await build({ entryPoints: [ENTRY], bundle: true, write: false, format: 'esm' });
  bundled = outputFiles[0].text;
});

it('stand once each, in order', () => {
  expect(names).toEqual([...new Set(names)].sort());
});

it('are properties of the bundle, of which the standalone file that is built has none', () => {
  const before = propertyNames(bundled);
  expect(names.filter((name) => !before.has(name))).toEqual([]);
  const after = propertyNames(readFileSync('dist/runtime/standalone.js', 'utf8'));
  expect(after).toContain('classify');
  expect(names.filter((name) => after.has(name))).toEqual([]);
});

it('are no names of the public API', () => {
  const api = publicNames();
  for (const name of ['classify', 'topK', 'score', 'hiddenSize', 'wordNgrams', 'byteOffset', 'total', 'backendReason'])
    expect(api).toContain(name);
  expect(names.filter((name) => api.has(name))).toEqual([]);
});

it('are never looked up by a string', () => {
  // terser renames what stands before `in`.
  const strings = new Set([...bundled.matchAll(/"(\w+)"(?! in )/g)].map(([, text]) => text));
  expect(strings).toContain('hiddenSize');
  expect(names.filter((name) => strings.has(name))).toEqual([]);
});

it('are no names of a student file', () => {
  // Behind it come test vectors, whose names are their own.
  const [specification] = readFileSync('FORMAT.md', 'utf8').split('## 14. Test vectors');
  const code = new Set([...specification.matchAll(/[`"](\w+)[`"]/g)].map(([, word]) => word));
  expect(code).toContain('data_offsets');
  expect(names.filter((name) => code.has(name))).toEqual([]);
});

it('are no properties of what the language or a host has, or takes', () => {
  const host = hostNames();
  for (const name of ['byteLength', 'lastIndex', 'done', 'aborted', 'fatal', 'env', 'memory', 'initial'])
    expect(host).toContain(name);
  expect(names.filter((name) => host.has(name))).toEqual([]);
});
