import type { components } from './schema';

type Schemas = components['schemas'];

export type ActivityChange = Schemas['ActivityChange'];
export type ActivityDetail = Schemas['ActivityDetail'];
export type ActivityPage = Schemas['ActivityPage'];
export type ActivityStreams = Schemas['ActivityStreams'];
export type ActivitySummary = Schemas['ActivitySummary'];
export type Athlete = Schemas['Athlete'];
export type AthleteChange = Schemas['AthleteChange'];
export type FileOutcome = Schemas['FileOutcome'];
export type Fitness = Schemas['Fitness'];
export type FitnessDay = Schemas['FitnessDay'];
export type FormCheck = Schemas['FormCheck'];
export type FormCheckPage = Schemas['FormCheckPage'];
export type FormCheckSummary = Schemas['FormCheckSummary'];
export type FormFault = Schemas['FormFault'];
export type FormRep = Schemas['FormRep'];
export type Job = Schemas['Job'];
export type JobPage = Schemas['JobPage'];
export type LegDetail = Schemas['LegDetail'];
export type Plan = Schemas['Plan'];
export type PlannedDay = Schemas['PlannedDay'];
export type PlannedSession = Schemas['PlannedSession'];
export type SignIn = Schemas['SignIn'];
export type SignUp = Schemas['SignUp'];
export type Sport = Schemas['Sport'];
export type Units = Athlete['units'];
