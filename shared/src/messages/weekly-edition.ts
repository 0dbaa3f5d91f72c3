import Type, { type Static } from 'typebox';

/** The hour of the weekly edition has come: every series is published as far as it is, and its last week written. */
export const weeklyEditionSchema = Type.Object({ edition: Type.Literal('weekly') });

export type WeeklyEdition = Static<typeof weeklyEditionSchema>;
