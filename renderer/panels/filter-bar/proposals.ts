import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { complete, type Proposal } from '../../../shared/filter/complete.ts';
import { familyOf } from '../../../shared/filter/scalar.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { inLanguage, type Translate } from '../../../shared/i18n/translate.ts';
import type { FieldFacts } from '../../../shared/model/field-facts.ts';
import type { FieldValues } from '../../../shared/model/filter.ts';
import type { Language } from '../../../shared/model/settings.ts';

interface Source {
  readonly catalogue: ReadonlyMap<string, FieldFacts>;
  readonly language: Language;
  readonly t: Translate;
  /** Values of a field in this capture; null where there is none open. */
  readonly values: (field: string) => Promise<FieldValues | null>;
}

/** What could stand at the caret, as the editor shows it: what it is and what it means. At once. */
export function proposalsAt(context: CompletionContext, source: Source): CompletionResult | null {
  const text = context.state.doc.toString();
  const found = complete(text, context.pos, source.catalogue);
  const options = found.proposals.map((proposal, i) => shown(proposal, source, -i / 100));
  const only = options.length === 1 && options[0].label === text.slice(found.from, context.pos);
  return options.length === 0 || only ? null : { from: found.from, options, filter: false };
}

/**
 * Values of the field before the caret that occur in this capture, and how often. They may take a while: what else
 * there is to propose does not wait for them.
 */
export async function valuesAt(context: CompletionContext, source: Source): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const { from, valuesOf } = complete(text, context.pos, source.catalogue);
  if (valuesOf === null) return null;
  const answer = await source.values(valuesOf);
  if (answer === null || context.aborted) return null;
  const typed = text.slice(from, context.pos).replaceAll('"', '').toLowerCase();
  const options = answer.values
    .filter(({ text: value }) => typed === '' || value.toLowerCase().includes(typed))
    .map(
      ({ text: value, count }, i): Completion => ({
        label: value,
        displayLabel: safeText(value),
        detail: source.t('filter.complete.value', { count }),
        boost: 50 - i / 10,
        type: 'value',
      }),
    );
  const only = options.length === 1 && options[0].label === text.slice(from, context.pos);
  return options.length === 0 || only ? null : { from, options, filter: false };
}

function shown(proposal: Proposal, { language, t }: Source, boost: number): Completion {
  switch (proposal.kind) {
    case 'field': {
      const { field } = proposal;
      const family =
        field.type === 'protocol'
          ? 'protocol'
          : field.type === 'ether' || field.type === 'eui64'
            ? 'address'
            : familyOf[field.type];
      return {
        label: proposal.text,
        detail: field.type === 'protocol' ? field.label : `${field.label} · ${t(`filter.type.${family}`)}`,
        info: example(field, t),
        boost,
        type: 'field',
      };
    }
    case 'operator':
      return {
        label: proposal.text,
        apply: `${proposal.text}${proposal.text.endsWith('{') ? '' : ' '}`,
        detail: t(`filter.operator.${proposal.meaning}`),
        boost,
        type: 'operator',
      };
    case 'function':
      return {
        label: proposal.text,
        displayLabel: `${proposal.name}(…)`,
        detail: t(`filter.function.${proposal.name}`),
        boost,
        type: 'function',
      };
    case 'name':
      return {
        label: proposal.text,
        displayLabel: `${proposal.text}  ${proposal.name}`,
        detail: '',
        boost,
        type: 'name',
      };
    case 'glossary':
      return {
        label: proposal.text,
        displayLabel: inLanguage(proposal.entry.meaning, language),
        detail: proposal.text,
        boost: 90 + boost,
        type: 'glossary',
      };
  }
}

const examples: Readonly<Record<string, string>> = {
  integer: '== 80',
  boolean: '== 1',
  double: '> 0.5',
  string: 'contains "huawei"',
  bytes: 'contains 16:03',
  ipv4: '== 192.168.0.0/16',
  ipv6: '== fe80::/10',
  absTime: '> "2026-01-31 12:00:00"',
  relTime: '> 0.2',
};

function example(field: FieldFacts, t: Translate): string {
  if (field.type === 'protocol' || field.type === 'none') return t('filter.complete.example', { example: field.name });
  const named = field.type === 'bool' ? undefined : field.values?.[0]?.[1];
  const right =
    field.type === 'ether'
      ? '== ff:ff:ff:ff:ff:ff'
      : named === undefined
        ? examples[familyOf[field.type]]
        : `== ${JSON.stringify(named)}`;
  return right === undefined ? field.label : t('filter.complete.example', { example: `${field.name} ${right}` });
}
