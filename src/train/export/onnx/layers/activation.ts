/** Elementwise functions. GELU is spelled out as ONNX Runtime knows it, which then computes it in one pass. */
import type { Activation } from '../../../../format/index.ts';
import type { OnnxGraph } from '../graph.ts';

/** @returns the name of `activation(value)` */
export function activate(graph: OnnxGraph, scope: string, activation: Activation, value: string): string {
  switch (activation) {
    case 'none':
      return value;
    case 'relu':
      return graph.node(scope, 'Relu', [value]);
    case 'silu':
      return graph.node(scope, 'Mul', [value, graph.node(scope, 'Sigmoid', [value])]);
    case 'gelu': {
      const erf = graph.node(scope, 'Erf', [graph.node(scope, 'Div', [value, graph.scalar(Math.SQRT2)])]);
      const weight = graph.node(scope, 'Add', [erf, graph.scalar(1)]);
      return graph.node(scope, 'Mul', [graph.node(scope, 'Mul', [value, weight]), graph.scalar(0.5)]);
    }
  }
}
