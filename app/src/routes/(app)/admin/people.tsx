import { AccountsScreen } from '@/features/administration/AccountsScreen';

export default AccountsScreen;
