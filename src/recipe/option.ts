/** The value of a preset's option; `'keep'` leaves what the input has. */
export type OptionValue = number | string | boolean;
export type OptionValues = Readonly<Record<string, OptionValue>>;

interface OptionBase {
  readonly title: string;
  readonly description: string;
}

export interface NumberOption extends OptionBase {
  readonly type: 'number' | 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** `Hz`, `s`, `LUFS`, `px` … */
  readonly unit?: string;
}

/** A number, or the input's own value. */
export interface KeepableOption extends OptionBase {
  readonly type: 'integerOrKeep';
  readonly default: number | 'keep';
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}

export interface ChoiceOption<V extends string = string> extends OptionBase {
  readonly type: 'choice';
  readonly default: V;
  readonly choices: readonly { readonly value: V; readonly title: string }[];
}

export interface SwitchOption extends OptionBase {
  readonly type: 'switch';
  readonly default: boolean;
}

/** Any text on one line: the placeholder of a person's own preset. */
export interface TextOption extends OptionBase {
  readonly type: 'text';
  readonly default: string;
  readonly maxLength: number;
}

export type OptionSpec = NumberOption | KeepableOption | ChoiceOption | SwitchOption | TextOption;
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values that go with a table of options. */
export type ValuesOf<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends ChoiceOption<infer V>
    ? V
    : S[K] extends SwitchOption
      ? boolean
      : S[K] extends KeepableOption
        ? number | 'keep'
        : S[K] extends TextOption
          ? string
          : number;
};
