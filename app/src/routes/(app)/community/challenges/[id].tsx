import { ChallengeScreen } from '@/features/community/challenges/ChallengeScreen';

export default ChallengeScreen;
