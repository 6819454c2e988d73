#include "core/lm3_inside.h"
#include "core/money.h"
#include "core/spend.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_LINES = 256, FIRST_TEXT = 4096 };

int kl_lm3_sum_new(
	const struct kl_lm3_ledger *ledger, struct kl_fault *fault, struct kl_lm3_sum **ret_sum)
{
	struct kl_lm3_sum *sum;
	int rc = kl_lm3_ledger_check(ledger, fault);

	if (rc)
		return rc;
	sum = calloc(1, sizeof *sum);
	if (!sum)
		return kl_fault(fault, KL_E_NOMEM, "no memory for the suppliers");
	sum->ledger = *ledger;
	sum->room = FIRST_LINES;
	sum->names = kl_names_new();
	sum->entries = calloc(sum->room, sizeof *sum->entries);
	sum->loose = kl_names_new_of_keys();
	sum->group_room = FIRST_LINES;
	sum->groups = calloc(sum->group_room, sizeof *sum->groups);
	sum->texts = calloc(1, FIRST_TEXT);
	sum->text_room = FIRST_TEXT;
	sum->text_len = 1;
	if (!sum->names || !sum->entries || !sum->texts || !sum->loose || !sum->groups) {
		kl_lm3_sum_destroy(sum);
		return kl_fault(fault, KL_E_NOMEM, "no memory for the suppliers");
	}
	*ret_sum = sum;
	return KL_OK;
}

void kl_lm3_sum_destroy(struct kl_lm3_sum *sum)
{
	if (!sum)
		return;
	kl_names_destroy(sum->names);
	kl_names_destroy(sum->loose);
	free(sum->groups);
	free(sum->entries);
	free(sum->texts);
	free(sum);
}

void kl_lm3_sum_strictly(struct kl_lm3_sum *sum)
{
	sum->strict = true;
}

static int room_for_line(struct kl_lm3_sum *sum)
{
	struct kl_lm3_entry *entries;

	if (kl_names_count(sum->names) < sum->room)
		return KL_OK;
	entries = realloc(sum->entries, 2 * sum->room * sizeof *entries);
	if (!entries)
		return KL_E_NOMEM;
	sum->entries = entries;
	sum->room *= 2;
	return KL_OK;
}

/* Room for the texts of one row, beside what is there. */
static int room_for_texts(struct kl_lm3_sum *sum, const struct kl_supplier *supplier)
{
	size_t len =
		strlen(supplier->contact) + strlen(supplier->email) + strlen(supplier->name) + 3;
	size_t room = sum->text_room;
	char *texts;

	while (room - sum->text_len < len)
		room *= 2;
	if (room == sum->text_room)
		return KL_OK;
	if (room > UINT32_MAX)
		return KL_E_NOMEM;
	texts = realloc(sum->texts, room);
	if (!texts)
		return KL_E_NOMEM;
	sum->texts = texts;
	sum->text_room = room;
	return KL_OK;
}

/* Keeps a text where none was known; there is room. */
static void note_text(struct kl_lm3_sum *sum, uint32_t *at, const char *text)
{
	size_t size = strlen(text) + 1;

	if (*at || size == 1)
		return;
	*at = (uint32_t)sum->text_len;
	memcpy(sum->texts + sum->text_len, text, size);
	sum->text_len += size;
}

static enum kl_where where_of(const struct kl_lm3_sum *sum, const struct kl_supplier *supplier)
{
	if (supplier->where != KL_WHERE_UNKNOWN || !supplier->place[0])
		return supplier->where;
	return kl_area_holds(&sum->ledger.area, supplier->place);
}

/* What this row says is taken where nothing was known, and noted where it contradicts. */
static void merge(struct kl_lm3_sum *sum, uint32_t number, const struct kl_supplier *supplier)
{
	struct kl_lm3_entry *line = &sum->entries[number];
	enum kl_where where = where_of(sum, supplier);
	bool clash = false;

	if (line->where == KL_WHERE_UNKNOWN)
		line->where = (uint8_t)where;
	else if (where != KL_WHERE_UNKNOWN && where != line->where)
		clash = true;
	if (line->sector == KL_SECTOR_UNKNOWN)
		line->sector = (uint8_t)supplier->sector;
	note_text(sum, &line->contact, supplier->contact);
	note_text(sum, &line->email, supplier->email);
	if (supplier->answered && line->answered && supplier->respent != line->respent)
		clash = true;
	if (supplier->answered && !line->answered) {
		line->answered = true;
		line->respent = supplier->respent;
	}
	if (clash && !line->counted_clash) {
		line->counted_clash = true;
		if (sum->clashes++ == 0)
			sum->first_clash = number;
	}
}

static void note_style(struct kl_lm3_sum *sum, uint32_t number, const char *name)
{
	if (sum->entries[number].other_style)
		return;
	note_text(sum, &sum->entries[number].other_style, name);
	if (sum->styles++ == 0)
		sum->first_style = number;
}

static int room_for_group(struct kl_lm3_sum *sum)
{
	struct kl_lm3_group *groups;

	if (kl_names_count(sum->loose) < sum->group_room)
		return KL_OK;
	groups = realloc(sum->groups, 2 * sum->group_room * sizeof *groups);
	if (!groups)
		return KL_E_NOMEM;
	sum->groups = groups;
	sum->group_room *= 2;
	return KL_OK;
}

/* Puts a new supplier into the group of a loose name. */
static int join_group(struct kl_lm3_sum *sum, uint32_t number, const char *loose)
{
	struct kl_names_found found;
	struct kl_lm3_group *group;
	int rc;

	if (!loose[0])
		return KL_OK;
	rc = room_for_group(sum);
	if (!rc)
		rc = kl_names_add(sum->loose, loose, &found);
	if (rc)
		return rc == KL_E_TOO_BIG ? KL_OK : rc; /* then it is not compared loosely */
	group = &sum->groups[found.number];
	if (found.added)
		*group = (struct kl_lm3_group){number, 0};
	if (++group->count == 2 && sum->alike++ == 0)
		sum->first_alike = found.number;
	sum->entries[number].alike |= group->count > 1;
	return KL_OK;
}

/* A new supplier without anything; whoever fails here leaves it with nothing spent, which counts as
 * nothing. */
static int begin_line(struct kl_lm3_sum *sum, uint32_t number, const char *name)
{
	char loose[KL_NAME_MAX], other[KL_NAME_MAX];
	const char *trade = kl_name_trading(name);
	int rc;

	sum->entries[number] = (struct kl_lm3_entry){.redacted = kl_spend_is_redacted(name)};
	if (sum->strict)
		return KL_OK;
	kl_name_loose(name, loose);
	rc = join_group(sum, number, loose);
	if (!rc && trade[0] && strcmp(kl_name_loose(trade, other), loose) != 0)
		rc = join_group(sum, number, other);
	return rc;
}

int kl_lm3_sum_add(
	struct kl_lm3_sum *sum, const struct kl_supplier *supplier, struct kl_fault *fault)
{
	struct kl_names_found found;
	int64_t net = 0;
	int rc = kl_supplier_check(supplier, fault);

	if (rc)
		return rc;
	if ((rc = room_for_line(sum)) || (rc = room_for_texts(sum, supplier)))
		return kl_fault(fault, rc, "no memory for more suppliers");
	rc = kl_names_add(sum->names, supplier->name, &found);
	if (rc == KL_E_TOO_BIG)
		return kl_fault(fault, rc, "more than %d suppliers in one project", KL_NAMES_MAX);
	if (rc)
		return kl_fault(fault, rc, "no memory for more suppliers");
	if (found.added && (rc = begin_line(sum, found.number, supplier->name)))
		return kl_fault(fault, rc, "no memory for more suppliers");
	if (kl_money_add(sum->entries[found.number].net, supplier->spend, &net))
		return kl_fault(
			fault, KL_E_RANGE, "supplier '%s': the sum is too large", supplier->name);
	sum->entries[found.number].net = net;
	if (supplier->spend < 0) {
		sum->credits++;
		(void)kl_money_add(sum->credit, supplier->spend, &sum->credit);
	}
	if (found.other_style)
		note_style(sum, found.number, supplier->name);
	merge(sum, found.number, supplier);
	return KL_OK;
}

size_t kl_lm3_sum_count(const struct kl_lm3_sum *sum)
{
	return kl_names_count(sum->names);
}

struct kl_lm3_line kl_lm3_sum_line(const struct kl_lm3_sum *sum, size_t index)
{
	const struct kl_lm3_entry *line = &sum->entries[index];

	return (struct kl_lm3_line){.name = kl_names_at(sum->names, (uint32_t)index),
		.contact = sum->texts + line->contact,
		.email = sum->texts + line->email,
		.net = line->net,
		.where = (enum kl_where)line->where,
		.sector = (enum kl_sector)line->sector,
		.answered = line->answered,
		.respent = line->respent,
		.asked_at = line->asked_at};
}
