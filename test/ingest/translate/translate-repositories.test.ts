/** What installations, repositories and settings become. */

import { describe, expect, it } from 'vitest'
import { translateInstallation, translateInstallationRepositories } from '../../../src/ingest/translate/installation.ts'
import { translateRepository } from '../../../src/ingest/translate/repository.ts'
import { translateMember, translateProtection } from '../../../src/ingest/translate/settings.ts'
import type { Translator } from '../../../src/ingest/translate/translation.ts'
import { context, eventsOf, NOON, payloadsOf, person, repository, typesOf } from '../payloads.ts'

const listed = [
  { full_name: 'acme/a', private: true },
  { full_name: 'acme/b', private: false },
]

const statesOf = (translation: ReturnType<Translator>) =>
  translation.ok && translation.facts.map(({ repository: name, events }) => [name, events[0]?.payload])

describe('installation webhooks', () => {
  it('tell the repositories that were chosen', () => {
    const created = { action: 'created', installation: { id: 9 }, repositories: listed }
    expect(statesOf(translateInstallation(created, context()))).toEqual([
      ['acme/a', { installation: 9, installed: true, suspended: false, default_branch: null, private: true }],
      ['acme/b', { installation: 9, installed: true, suspended: false, default_branch: null, private: false }],
    ])
  })

  it('have a repository looked at when the App comes to it, not when it goes', () => {
    const change = (action: string) =>
      typesOf(
        eventsOf(translateInstallation({ action, installation: { id: 9 }, repositories: [listed[0]] }, context())),
      )
    expect(change('created')).toEqual(['repository_observed', 'settings_touched'])
    expect(change('deleted')).toEqual(['repository_observed'])
  })

  it('suspend all that are known of the installation, for GitHub names none', () => {
    const suspended = { action: 'suspend', installation: { id: 9, suspended_at: NOON } }
    expect(statesOf(translateInstallation(suspended, context({ repositories: ['acme/a'] })))).toMatchObject([
      ['acme/a', { installed: true, suspended: true }],
    ])
  })

  it('tell what was added and what was taken away', () => {
    const payload = { installation: { id: 9 }, repositories_added: [listed[0]], repositories_removed: [listed[1]] }
    expect(statesOf(translateInstallationRepositories(payload, context()))).toMatchObject([
      ['acme/a', { installed: true }],
      ['acme/b', { installed: false }],
    ])
  })

  it.each([
    ['renamed', { repository: { name: { from: 'sputnik' } } }, 'acme/sputnik'],
    ['transferred', { owner: { from: { organization: { login: 'ajax' } } } }, 'ajax/rocket'],
    ['transferred', { owner: { from: { user: { login: 'ann' } } } }, 'ann/rocket'],
  ])('tell the id of a %s repository, and what it was called before', (action, changes, formerly) => {
    const payload = { action, repository: { ...repository, id: 77 }, installation: { id: 9 }, changes }
    const events = eventsOf(translateRepository(payload, context()))
    expect(typesOf(events)).toEqual(['repository_named', 'repository_observed', 'settings_touched'])
    expect(payloadsOf(events)[0]).toEqual({ id: 77, name: 'acme/rocket', formerly })
  })

  it('say nothing of a repository that went to an account without us', () => {
    const changes = { owner: { from: { user: { login: 'ann' } } } }
    expect(eventsOf(translateRepository({ action: 'transferred', repository, changes }, context()))).toEqual([])
  })

  it('tell the id of a repository that the App comes to', () => {
    const added = { installation: { id: 9 }, repositories_added: [{ ...listed[0], id: 77 }] }
    expect(payloadsOf(eventsOf(translateInstallationRepositories(added, context())))[0]).toEqual({
      id: 77,
      name: 'acme/a',
      formerly: null,
    })
  })

  it('have the configuration read again when the default branch is another', () => {
    const changes = { default_branch: { from: 'master' } }
    const payload = { action: 'edited', repository, installation: { id: 9 }, changes }
    expect(typesOf(eventsOf(translateRepository(payload, context())))).toEqual([
      'repository_observed',
      'settings_touched',
    ])
  })
})

describe('settings webhooks', () => {
  it('say what has to be read again', () => {
    const rule = eventsOf(translateProtection({ action: 'edited', rule: { name: 'main' }, repository }, context()))
    const member = eventsOf(translateMember({ action: 'removed', member: person('Rob'), repository }, context()))
    expect(payloadsOf([...rule, ...member])).toEqual([
      { what: 'protection', branch: null, user: null, delivery: 'd-1' },
      { what: 'permission', branch: null, user: 'Rob', delivery: 'd-1' },
    ])
  })

  it('of an organization concern every repository that is known', () => {
    const translation = translateProtection({ action: 'edited' }, context({ repositories: ['acme/a', 'acme/b'] }))
    expect(translation.ok && translation.facts.map((facts) => facts.repository)).toEqual(['acme/a', 'acme/b'])
  })
})
