import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { assistantAnswerQuery, assistantQuery } from '@/api/queries';
import type { AssistantTool } from '@/api/types';
import { Banner, Box, Button, Card, Columns, Row, Screen, Text } from '@/design';
import { ConsentChoices } from '@/features/consents/ConsentChoices';
import { QueryState } from '@/features/shell/QueryState';

/** Longer answers are cut on this page only. */
const MOST_CHARACTERS = 12000;

/** What a language model that the athlete connects would be told, word for word. */
export function AssistantScreen() {
  const { t } = useTranslation();
  const view = useQuery(assistantQuery());
  return (
    <Screen
      title={t('assistant.title')}
      subtitle={t('assistant.subtitle')}
      back={{ href: '/privacy', label: t('privacy.title') }}
    >
      <QueryState query={view} skeleton={{ count: 4, height: 60 }}>
        {({ tools, kept_from_assistants: kept }) => (
          <Columns
            main={
              <Card title={t('assistant.toolsTitle')} caption={t('assistant.toolsCaption')}>
                <Box gap="m" role="list">
                  {tools.map((tool) => (
                    <ToolRow key={tool.name} tool={tool} />
                  ))}
                </Box>
              </Card>
            }
            aside={
              <>
                {kept.length > 0 ? (
                  <Banner tone="info" title={t('assistant.keptTitle')}>
                    <Text>{t('assistant.kept', { services: kept.map(named).join(', ') })}</Text>
                  </Banner>
                ) : null}
                <Card title={t('assistant.yesTitle')}>
                  <ConsentChoices purposes={['assistant']} />
                </Card>
                <Card title={t('assistant.connectTitle')}>
                  <Text>{t('assistant.connectHere')}</Text>
                  <Text selectable strong>
                    {t('assistant.command')}
                  </Text>
                  <Text>{t('assistant.connectElsewhere')}</Text>
                  <Text selectable strong>
                    {t('assistant.path')}
                  </Text>
                  <Button href="/security" label={t('assistant.makeToken')} variant="secondary" />
                </Card>
              </>
            }
          />
        )}
      </QueryState>
    </Screen>
  );
}

function ToolRow({ tool }: { tool: AssistantTool }) {
  const { t, i18n } = useTranslation();
  const [shown, setShown] = useState(false);
  const key = `assistant.tool.${tool.name}`;
  const title = i18n.exists(key) ? t(key as 'assistant.tool.get_fitness') : tool.title;
  return (
    <Box gap="s" role="listitem">
      <Row gap="m" justify="space-between" wrap>
        <Box gap="xs" shrink>
          <Text strong>{title}</Text>
          {tool.suggests ? <Text tone="textSecondary">{t('assistant.suggests')}</Text> : null}
          {tool.needs_arguments && !tool.suggests ? (
            <Text tone="textSecondary">{t('assistant.asked')}</Text>
          ) : null}
        </Box>
        {tool.needs_arguments ? null : (
          <Button
            label={shown ? t('assistant.hide') : t('assistant.show')}
            accessibilityLabel={t(shown ? 'assistant.hideOf' : 'assistant.showOf', { name: title })}
            variant="secondary"
            small
            onPress={() => setShown(!shown)}
          />
        )}
      </Row>
      {shown ? <Answer name={tool.name} /> : null}
    </Box>
  );
}

function Answer({ name }: { name: string }) {
  const { t } = useTranslation();
  const answer = useQuery(assistantAnswerQuery(name));
  return (
    <QueryState query={answer} skeleton={{ count: 1, height: 60 }}>
      {({ document, is_error: failed }) => {
        const text = JSON.stringify(document, null, 2);
        return (
          <Box gap="xs">
            {failed ? <Banner tone="info" title={String(document.detail ?? document.code)} /> : null}
            {failed ? null : (
              <Text variant="caption" selectable lang="en">
                {text.slice(0, MOST_CHARACTERS)}
              </Text>
            )}
            {text.length > MOST_CHARACTERS ? <Text tone="textSecondary">{t('assistant.cut')}</Text> : null}
          </Box>
        );
      }}
    </QueryState>
  );
}

function named(service: string): string {
  return service.charAt(0).toUpperCase() + service.slice(1);
}
