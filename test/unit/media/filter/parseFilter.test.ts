import { describe, expect, it } from 'vitest';
import type { FilterError } from '../../../../src/media/filter/filterError.ts';
import type { FilterNode } from '../../../../src/media/filter/filterTree.ts';
import { without } from '../../../../src/media/filter/filterTree.ts';
import { parseFilter } from '../../../../src/media/filter/parseFilter.ts';

const NOW = new Date(2026, 10, 25, 13, 0).getTime();

/** Short enough to be read in a table. */
function shown(node: FilterNode): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return `(${node.parts.map(shown).join(` ${node.kind} `)})`;
    case 'not':
      return `not ${shown(node.part)}`;
    case 'words':
      return `words ${node.text}`;
    case 'test':
      return `${node.column} ${JSON.stringify(node.test).replaceAll('"', '')}`;
  }
}

function faultOf(text: string): FilterError {
  try {
    parseFilter(text, NOW);
  } catch (error) {
    return error as FilterError;
  }
  throw new Error(`${text} was understood`);
}

describe('a filter', () => {
  it.each([
    ['', '()'],
    ['duration > 20', 'duration {op:range,from:20,openFrom:true}'],
    ['duration > 20 and split == "train" and caption ~ "dog"', '(duration {op:range,from:20,openFrom:true} and split {op:equals,text:train} and caption {op:contains,text:dog})'],
    ['kind:image,video split:train', '(kind {op:any,tests:[{op:equals,text:image},{op:equals,text:video}]} and split {op:equals,text:train})'],
    ['duration:5..30', 'duration {op:range,from:5,to:30}'],
    ['duration:5.. or size = ..10MB', '(duration {op:range,from:5} or size {op:range,to:10000000})'],
    ['duration >= 2min', 'duration {op:range,from:120}'],
    ['duration < 1:30', 'duration {op:range,to:90,openTo:true}'],
    ['rate == 48k', 'rate {op:range,from:47999.9995,to:48000.0005,openTo:true}'],
    ['fps:29.97', 'fps {op:range,from:29.965,to:29.974999999999998,openTo:true}'],
    ['size > 2GiB', 'size {op:range,from:2147483648,openFrom:true}'],
    ['label in (cat, "dog")', 'label {op:any,tests:[{op:equals,text:cat},{op:equals,text:dog}]}'],
    ['label not in (cat)', 'not label {op:equals,text:cat}'],
    ['not (label == cat or label == dog)', 'not (label {op:equals,text:cat} or label {op:equals,text:dog})'],
    ['duration:unknown', 'duration {op:unknown}'],
    ['caption is not none', 'not caption {op:none}'],
    ['split != train', 'not split {op:equals,text:train}'],
    ['path:train/*.wav', 'path {op:glob,pattern:train/*.wav}'],
    ['path == "a*b"', 'path {op:equals,text:a*b}'],
    ['caption:dog', 'caption {op:contains,text:dog}'],
    ['dog "red car"', '(words dog and words red car)'],
    ['a or b c', '(words a or (words b and words c))'],
    ['KIND:Image AND NOT Label:x', '(kind {op:equals,text:image} and not label {op:equals,text:x})'],
    ['length > 3 && !(mtime > 2026)', `(duration {op:range,from:3,openFrom:true} and not modified {op:range,from:${new Date(2027, 0, 1).getTime()}})`],
    ['modified == yesterday', `modified {op:range,from:${new Date(2026, 10, 24).getTime()},to:${new Date(2026, 10, 25).getTime()},openTo:true}`],
    ['modified >= 2026-11-02T14:07', `modified {op:range,from:${new Date(2026, 10, 2, 14, 7).getTime()}}`],
    [String.raw`name == "a\"b\\c"`, String.raw`name {op:equals,text:a\b\\c}`],
  ])('%s', (text, wanted) => {
    expect(shown(parseFilter(text, NOW))).toBe(wanted);
  });

  it.each([
    ['durration > 20', 'durration', 'There is no column “durration”. Did you mean duration?'],
    ['kind:imgae', 'imgae', 'There is no kind “imgae”: it is image, audio, video, text, sensor or other. Did you mean image?'],
    ['duration > soon', 'soon', '“soon” is not a number of seconds: write it like 20, 1:30 or 2min'],
    ['duration >', '', 'A value is missing here, like 20, 1:30 or 2min'],
    ['duration', 'duration', 'duration is a column: say what it is to be, like duration > 20, or put it in quotes to look for the word'],
    ['duration ~ 5', '5', '~ looks into text, and duration is a number: use ==, <, > or a range like 5..30'],
    ['label < b', 'b', 'label is text and has no order here: use ==, ~ or in'],
    ['(label == a', '(', 'This ( is not closed'],
    ['label == a)', ')', 'There is no ( before this )'],
    ['caption ~ "dog', '"dog', 'The quotation mark " is not closed'],
    ['label in cat', 'cat', 'in wants its values in parentheses, like label in (a, b)'],
    ['label is cat', 'cat', 'is asks for what is missing: label is unknown, or label is none'],
    ['duration:30..5', '30..5', 'The range ends before it begins: 5..30 is meant?'],
    ['modified > 2026-02-30', '2026-02-30', '“2026-02-30” is no date: write it like 2026-11-02, 2026-11, 2026-11-02T14:07, today or yesterday'],
    ['label ~ /a(b/', '(b', 'This ( is not closed'],
    ['label ~ /a/g', 'g', 'A pattern has one flag alone: i, for letters alike whether large or small'],
    ['label ~ /(a)\\1/', '\\1', 'References to a group are not offered: they would cost more than one look at each character'],
    ['size ~ /a/', '/a/', 'A pattern looks into text, and size is a number: use ==, <, > or a range like 5..30'],
    ['a and', '', 'Something is missing at the end'],
    ['== 5', '==', '“==” needs something before it, such as a column'],
    ['a & b', '&', '“&” stands in no filter; put it in quotes where it is meant literally'],
  ])('%s is refused at its place, in words', (text, place, message) => {
    const fault = faultOf(text);
    expect([text.slice(fault.from, fault.to), fault.message]).toEqual([place, message]);
  });

  it('refuses what is nested without end instead of running out of stack', () => {
    expect(faultOf('('.repeat(5000)).message).toBe('Parentheses are nested too deep');
    expect(faultOf('not '.repeat(2000)).message).toBe('Parentheses are nested too deep');
  });

  it('leaves out what asks of one column alone, for the counts of its facet', () => {
    const left = without(parseFilter('kind:image (label == a or label == b) not label:c (label:d or kind:audio)'), 'label');
    expect(shown(left)).toBe('(kind {op:equals,text:image} and (label {op:equals,text:d} or kind {op:equals,text:audio}))');
  });
});
