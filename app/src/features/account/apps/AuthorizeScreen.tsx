import { useMutation, useQuery } from '@tanstack/react-query';
import { type Href, Redirect, useLocalSearchParams } from 'expo-router';
import { useTranslation } from 'react-i18next';

import { answer, api } from '@/api/client';
import { isSignedOut } from '@/api/errors';
import { appQuestionQuery, meQuery } from '@/api/queries';
import { Banner, Box, Button, Card, Row, Skeleton, Text } from '@/design';
import { openPage } from '@/features/connections/openPage';
import { useErrorText } from '@/features/shell/useErrorText';

import { AuthFrame } from '../AuthFrame';
import { rememberPath } from '../pendingPath';
import { scopeSentence } from './scopeWords';

const NAMES = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
] as const;

export type AppRequest = Record<(typeof NAMES)[number], string>;

/** Asks whether an app of others may come in, and says in words what it would see and change. */
export function AuthorizeScreen() {
  const { t } = useTranslation();
  const params = useLocalSearchParams<Record<string, string>>();
  const request = Object.fromEntries(NAMES.map((name) => [name, params[name] ?? ''])) as AppRequest;
  const me = useQuery(meQuery());
  if (isSignedOut(me.error)) {
    rememberPath({ pathname: '/authorize', params: request } as Href);
    return <Redirect href="/sign-in" />;
  }
  if (me.data === undefined) {
    return (
      <AuthFrame title={t('apps.askTitle')} lead="">
        {me.error ? <Refused error={me.error} /> : <Skeleton height={160} />}
      </AuthFrame>
    );
  }
  return <Question request={request} email={me.data.email} />;
}

function Question({ request, email }: { request: AppRequest; email: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const question = useQuery(appQuestionQuery(request));
  const decide = useMutation({
    mutationFn: (isAllowed: boolean) =>
      answer(api().POST('/api/v1/accounts/me/app-decisions', { body: { request, is_allowed: isAllowed } })),
    onSuccess: ({ redirect_to }) => openPage(redirect_to),
  });
  if (question.data === undefined) {
    return (
      <AuthFrame title={t('apps.askTitle')} lead="">
        {question.error ? <Refused error={question.error} /> : <Skeleton height={160} />}
      </AuthFrame>
    );
  }
  const { name, scopes, leads_to } = question.data;
  return (
    <AuthFrame title={t('apps.ask', { name })} lead={t('apps.askLead', { email })}>
      <Card padding="xl">
        <Box gap="l">
          {decide.error ? <Banner tone="danger" urgent title={errorText(decide.error).message} /> : null}
          <Text strong>{t('apps.wants', { name })}</Text>
          <Box gap="xs" role="list">
            {scopes.map((scope) => (
              <Text key={scope} role="listitem">
                {scopeSentence(scope, t)}
              </Text>
            ))}
          </Box>
          <Text tone="textSecondary">{t('apps.leadsTo', { where: leads_to })}</Text>
          <Row gap="s" justify="flex-end" wrap>
            <Button
              label={t('apps.refuse')}
              variant="secondary"
              busy={decide.isPending && decide.variables === false}
              onPress={() => decide.mutate(false)}
            />
            <Button
              label={t('apps.allow')}
              busy={decide.isPending && decide.variables === true}
              onPress={() => decide.mutate(true)}
            />
          </Row>
        </Box>
      </Card>
    </AuthFrame>
  );
}

function Refused({ error }: { error: Error }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (
    <Card padding="xl">
      <Box gap="l">
        <Banner tone="danger" urgent title={errorText(error).message} />
        <Button href="/" label={t('account.goOn')} fill />
      </Box>
    </Card>
  );
}
