/** Helping thread of the tests of the trainer. */
import '@tensorflow/tfjs-backend-cpu';
import { env } from '@tensorflow/tfjs-core';
import { serveStation } from '../../src/train/trainer/threads.ts';
import { type ToyInput, ToyModel, type ToyTask } from './toy-model.ts';

// Keeps TensorFlow.js from advertising another backend.
env().set('IS_TEST', true);

serveStation<ToyTask, ToyInput>(async (task) => new ToyModel(task));
