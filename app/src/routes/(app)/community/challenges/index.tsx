import { ChallengesScreen } from '@/features/community/challenges/ChallengesScreen';

export default ChallengesScreen;
