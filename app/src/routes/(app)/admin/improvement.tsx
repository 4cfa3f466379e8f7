import { ImprovementScreen } from '@/features/administration/ImprovementScreen';

export default ImprovementScreen;
