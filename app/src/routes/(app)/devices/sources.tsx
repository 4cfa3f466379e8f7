import { SourceOrderScreen } from '@/features/connections/SourceOrderScreen';

export default SourceOrderScreen;
