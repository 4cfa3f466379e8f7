import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { meQuery, securityQuery } from '@/api/queries';
import { Columns, Screen } from '@/design';
import { QueryState } from '@/features/shell/QueryState';

import { AccountHistory } from './AccountHistory';
import { Address } from './Address';
import { ApiTokens } from './ApiTokens';
import { Apps } from './Apps';
import { Authenticator } from './Authenticator';
import { ChangePassword } from './ChangePassword';
import { Devices } from './Devices';
import { Identities } from './Identities';
import { Passkeys } from './Passkeys';

export function SecurityScreen() {
  const { t } = useTranslation();
  const me = useQuery(meQuery());
  const security = useQuery(securityQuery());
  return (
    <Screen
      title={t('security.title')}
      subtitle={t('security.subtitle')}
      back={{ href: '/profile', label: t('profile.title') }}
    >
      <QueryState query={security} skeleton={{ count: 3, height: 160 }}>
        {(state) => (
          <Columns
            main={
              <>
                <Devices devices={state.devices} />
                <ChangePassword />
                <ApiTokens />
                <Apps />
                <AccountHistory />
              </>
            }
            aside={
              <>
                <Passkeys passkeys={state.passkeys} />
                <Identities identities={state.identities} />
                <Authenticator isOn={state.authenticator} codesLeft={state.recovery_codes_left} />
                <Address email={me.data?.email ?? ''} verified={state.email_verified} />
              </>
            }
          />
        )}
      </QueryState>
    </Screen>
  );
}
