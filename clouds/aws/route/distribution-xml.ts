import * as z from 'zod';
import type { Behaviour, DistributionView, Retarget } from '../../../core/route/distribution.ts';
import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { readAnswer } from '../answer.ts';
import { childOf, childrenOf, escapeXml, readXml, type XmlElement } from '../../xml-document.ts';

/*
 * The configuration of a distribution as CloudFront sends it. The SDK's model drops every element that it does not know,
 * and UpdateDistribution merges nothing: a field newer than our SDK would be erased by a move. So the document itself is
 * kept, and a move replaces the text of some TargetOriginId in it; every other character goes back as it came.
 */

const idsSchema = z.array(z.string().min(1));
const behaviourSchema = z.object({ pathPattern: z.string().min(1).nullable(), originId: z.string().min(1) });
const viewSchema = z.object({
  originIds: idsSchema.min(1),
  originGroups: z.array(z.object({ id: z.string().min(1), originIds: idsSchema })),
  behaviours: z.array(behaviourSchema).min(1),
});
const CONFIG = 'DistributionConfig';

/** A configuration that was read: what a move depends on, and the document that it came in. */
export interface DistributionDocument {
  readonly view: DistributionView;
  /** The `Status` of the distribution; undefined where the answer was the configuration alone. */
  readonly status: string | undefined;
  /** The whole configuration as it came, with these targets changed. @throws when a behaviour is not as it was read. */
  retarget(changes: readonly Retarget[]): string;
}

/** A behaviour and the place of its target in the document. */
interface PlacedBehaviour extends Behaviour {
  readonly target: XmlElement;
}

/**
 * Reads the answer of GetDistributionConfig or of GetDistribution.
 * @throws CloudAnswerUnreadable when it is no XML or lacks what every distribution has.
 */
export function readDistribution(call: string, text: string): DistributionDocument {
  const root = readXml(call, text);
  const config = root.name === CONFIG ? root : childOf(root, CONFIG);
  if (config === undefined) throw new CloudAnswerUnreadable(call, [`no ${CONFIG} in <${root.name}>`]);
  const behaviours = behavioursOf(call, config);
  const view = readAnswer(call, viewSchema, {
    originIds: itemsOf(config, 'Origins').map(idOf),
    originGroups: itemsOf(config, 'OriginGroups').map((group) => ({
      id: idOf(group),
      originIds: itemsOf(group, 'Members').map((member) => childOf(member, 'OriginId')?.text),
    })),
    behaviours: behaviours.map(({ pathPattern, originId }) => ({ pathPattern, originId })),
  });
  return {
    view,
    status: childOf(root, 'Status')?.text,
    retarget: (changes) => splice(text, editsOf(call, behaviours, changes)),
  };
}

/** The members of a list of CloudFront: `<Name><Quantity/><Items>...</Items></Name>`, without Items when empty. */
function itemsOf(parent: XmlElement, name: string): readonly XmlElement[] {
  const list = childOf(parent, name);
  const items = list === undefined ? undefined : childOf(list, 'Items');
  return items === undefined ? [] : items.children;
}

const idOf = (element: XmlElement): string | undefined => childOf(element, 'Id')?.text;

function behavioursOf(call: string, config: XmlElement): PlacedBehaviour[] {
  const main = childrenOf(config, 'DefaultCacheBehavior').map((element) => ({ element, pathPattern: null }));
  const ordered = itemsOf(config, 'CacheBehaviors').map((element) => ({
    element,
    pathPattern: childOf(element, 'PathPattern')?.text ?? '',
  }));
  return [...main, ...ordered].map(({ element, pathPattern }) => {
    const target = childOf(element, 'TargetOriginId');
    if (target === undefined) {
      throw new CloudAnswerUnreadable(call, [
        `no TargetOriginId in the behaviour ${pathPattern ?? 'by default'}`,
      ]);
    }
    return { pathPattern, originId: target.text, target };
  });
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function editsOf(call: string, behaviours: readonly PlacedBehaviour[], changes: readonly Retarget[]): Edit[] {
  return changes.map(({ pathPattern, from, to }) => {
    const found = behaviours.find((behaviour) => behaviour.pathPattern === pathPattern);
    if (found?.originId !== from) {
      throw new CloudAnswerUnreadable(call, [
        `${pathPattern ?? 'the default behaviour'} targets ${found?.originId ?? 'nothing'}, expected ${from}`,
      ]);
    }
    return { start: found.target.contentStart, end: found.target.contentEnd, text: escapeXml(to) };
  });
}

function splice(text: string, edits: readonly Edit[]): string {
  let at = 0;
  let result = '';
  for (const edit of edits.toSorted((left, right) => left.start - right.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
