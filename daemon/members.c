#include "daemon/members.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

static size_t place_of(const struct kl_members *m, const struct kl_id *id)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kl_id_compare(&m->items[middle]->id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct kl_member *kl_members_find(const struct kl_members *members, const struct kl_id *id)
{
	size_t i = place_of(members, id);

	return i < members->n && kl_id_equal(&members->items[i]->id, id) ? members->items[i] : NULL;
}

static bool make_room(struct kl_members *m)
{
	size_t capacity = m->capacity ? 2 * m->capacity : 32;
	struct kl_member **items;

	if (m->n < m->capacity)
		return true;
	items = realloc(m->items, capacity * sizeof *items);
	if (!items)
		return false;
	m->items = items;
	m->capacity = capacity;
	return true;
}

/* The member with this id, added if it was not there; NULL when out of memory. */
static struct kl_member *obtain(struct kl_members *m, const struct kl_id *id)
{
	size_t i = place_of(m, id);
	struct kl_member *member;

	if (i < m->n && kl_id_equal(&m->items[i]->id, id))
		return m->items[i];
	member = make_room(m) ? calloc(1, sizeof *member) : NULL;
	if (!member)
		return NULL;
	member->id = *id;
	memmove(&m->items[i + 1], &m->items[i], (m->n - i) * sizeof(struct kl_member *));
	m->items[i] = member;
	m->n++;
	return member;
}

static void forget_profile(struct kl_member *member)
{
	kl_profile_deinit(&member->profile);
	kl_marks_deinit(&member->services);
	kl_marks_deinit(&member->activities);
	free(member->pursuits);
}

/* What the profile's services and activities are taken for; NULL when out of memory. */
static uint64_t *pursuits_of(struct kl_members *members, const struct kl_profile *profile)
{
	const size_t services = profile->services.n, n = services + profile->activities.n;
	uint64_t *pursuits = malloc((n + 1) * sizeof *pursuits);

	if (!members->bank)
		members->bank = kl_pursuits_new();
	if (!members->bank || !pursuits) {
		free(pursuits);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		pursuits[i] = kl_pursuit_of(
			members->bank, i < services ? profile->services.items[i]
						    : profile->activities.items[i - services]);
	return pursuits;
}

static int take_profile(struct kl_members *members, const struct kl_record *record)
{
	struct kl_member said = {.has_profile = true}, *member;
	int rc = kl_payload_profile_read(record->payload, &said.profile, NULL);

	if (rc)
		return rc == KL_E_NOMEM ? rc : KL_OK;
	said.pursuits = pursuits_of(members, &said.profile);
	member = said.pursuits ? obtain(members, &record->h.author) : NULL;
	if (!member || kl_marks_of(&said.profile.services, &said.services) ||
		kl_marks_of(&said.profile.activities, &said.activities)) {
		forget_profile(&said);
		return KL_E_NOMEM;
	}
	forget_profile(member);
	member->profile = said.profile;
	member->services = said.services;
	member->activities = said.activities;
	member->pursuits = said.pursuits;
	member->has_profile = true;
	member->profile_gone = false;
	return KL_OK;
}

static int take_endpoints(struct kl_members *members, const struct kl_record *record)
{
	struct kl_endpoints endpoints;
	struct kl_member *member;

	if (kl_payload_endpoints_read(record->payload, &endpoints, NULL))
		return KL_OK;
	member = obtain(members, &record->h.author);
	if (!member)
		return KL_E_NOMEM;
	member->endpoints = endpoints;
	return KL_OK;
}

static struct kl_member_figure *figure_of(
	struct kl_member *member, const char *metric, struct kl_period period)
{
	for (size_t i = 0; i < member->n_figures; i++)
		if (!strcmp(member->figures[i].figure.metric, metric) &&
			kl_period_equal(member->figures[i].figure.period, period))
			return &member->figures[i];
	return NULL;
}

static int take_figure(struct kl_members *members, const struct kl_record *record)
{
	struct kl_figure figure;
	struct kl_member *member;
	struct kl_member_figure *place;

	if (kl_payload_figure_read(record->payload, &figure, NULL))
		return KL_OK;
	member = obtain(members, &record->h.author);
	if (!member)
		return KL_E_NOMEM;
	place = figure_of(member, figure.metric, figure.period);
	if (!place && member->n_figures < KL_MEMBER_FIGURES_MAX) {
		struct kl_member_figure *figures =
			realloc(member->figures, (member->n_figures + 1) * sizeof *figures);

		if (!figures)
			return KL_E_NOMEM;
		member->figures = figures;
		place = &figures[member->n_figures++];
	}
	if (place)
		*place = (struct kl_member_figure){
			.figure = figure, .record = record->id, .time_ms = record->h.time_ms};
	return KL_OK;
}

static int take_withdrawal(struct kl_members *members, const struct kl_record *record)
{
	struct kl_figure_withdrawal withdrawal;
	struct kl_member *member;
	struct kl_member_figure *place;

	if (kl_payload_withdrawal_read(record->payload, &withdrawal, NULL))
		return KL_OK;
	member = obtain(members, &record->h.author);
	if (!member)
		return KL_E_NOMEM;
	place = figure_of(member, withdrawal.metric, withdrawal.period);
	if (place)
		place->withdrawn = true;
	return KL_OK;
}

static int lose_profile(struct kl_members *members, const struct kl_record *record)
{
	struct kl_member *member = obtain(members, &record->h.author);

	if (!member)
		return KL_E_NOMEM;
	forget_profile(member);
	member->profile = (struct kl_profile){.name = ""};
	member->services = member->activities = (struct kl_marks){0};
	member->pursuits = NULL;
	member->has_profile = false;
	member->profile_gone = true;
	return KL_OK;
}

int kl_members_take(struct kl_members *members, const struct kl_record *record)
{
	if (record->erased)
		return record->h.kind == KL_KIND_PROFILE ? lose_profile(members, record) : KL_OK;
	switch (record->h.kind) {
	case KL_KIND_PROFILE:
		return take_profile(members, record);
	case KL_KIND_ENDPOINTS:
		return take_endpoints(members, record);
	case KL_KIND_FIGURE_PUBLISH:
		return take_figure(members, record);
	case KL_KIND_FIGURE_WITHDRAW:
		return take_withdrawal(members, record);
	default:
		return KL_OK;
	}
}

void kl_members_deinit(struct kl_members *members)
{
	for (size_t i = 0; i < members->n; i++) {
		forget_profile(members->items[i]);
		free(members->items[i]->figures);
		free(members->items[i]);
	}
	free(members->items);
	kl_pursuits_destroy(members->bank);
	*members = (struct kl_members){0};
}
