import { CoachedActivityScreen } from '@/features/coaching/CoachedActivityScreen';

export default CoachedActivityScreen;
