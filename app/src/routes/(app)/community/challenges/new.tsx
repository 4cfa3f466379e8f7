import { NewChallengeScreen } from '@/features/community/challenges/NewChallengeScreen';

export default NewChallengeScreen;
