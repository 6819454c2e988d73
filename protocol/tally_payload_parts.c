/* The long records of a tally, which come in parts: INTAKE, PROPOSE, OPEN. */
#include "core/field.h"
#include "protocol/tally_wire.h"

#include <stdlib.h>
#include <string.h>

/* What one list in a part may hold: more would not fit in a payload. */
enum { ITEMS_MAX = KL_PAYLOAD_MAX / 2 };

static void begin(struct kl_writer *w, size_t fields, const struct kl_id *tally)
{
	kl_write_array(w, fields);
	kl_write_uint(w, KL_TALLY_VERSION);
	kl_write_id(w, tally);
}

static uint8_t seat_read(struct kl_list *list)
{
	uint8_t seat = (uint8_t)kl_list_uint(list, KL_SEATS_MAX);

	if (!list->rc && seat == 0)
		list->rc = KL_E_MALFORMED;
	return seat;
}

/* Two parts of a seat that contradict each other have to fit in one EVIDENCE. */
static struct kl_list part_payload(struct kl_bytes payload, uint32_t fields)
{
	struct kl_list list = kl_list_payload(payload, fields);

	if (!list.rc && payload.len > KL_TALLY_PART_MAX)
		list.rc = KL_E_TOO_BIG;
	return list;
}

static void part_write(struct kl_writer *w, const struct kl_tally_part *part)
{
	kl_write_uint(w, part->number);
	kl_write_id_or_nil(w, &part->before);
	kl_write_bool(w, part->more);
}

static void part_read(struct kl_list *list, struct kl_tally_part *part)
{
	bool before;

	part->number = (uint16_t)kl_list_uint(list, KL_TALLY_PARTS_MAX);
	before = kl_list_id_or_nil(list, &part->before);
	part->more = kl_list_bool(list);
	if (!list->rc && (part->number == 0 || before != (part->number > 1)))
		list->rc = KL_E_MALFORMED;
}

static int finish(struct kl_list *list, struct kl_writer *w, struct kl_bytes payload)
{
	int rc = kl_list_canonical(list, w, payload);

	kl_writer_deinit(w);
	return rc;
}

/* ---- INTAKE --------------------------------------------------------------------------------- */

void kl_tally_intake_deinit(struct kl_tally_intake *intake)
{
	if (!intake)
		return;
	free(intake->entries);
	intake->entries = NULL;
}

static void reply_write(struct kl_writer *w, const struct kl_intake_entry *entry)
{
	uint8_t bytes[KL_REPLY_BYTES];

	if (entry->status != KL_INTAKE_OK) {
		kl_write_nil(w);
		return;
	}
	kl_reply_encode(&entry->reply, bytes);
	kl_write_bin(w, kl_bytes(bytes, sizeof(bytes)));
}

void kl_tally_intake_write(struct kl_writer *w, const struct kl_tally_intake *intake)
{
	begin(w, 7, &intake->tally);
	kl_write_uint(w, intake->seat);
	part_write(w, &intake->part);
	kl_write_array(w, intake->count);
	for (unsigned i = 0; i < intake->count; i++) {
		const struct kl_intake_entry *entry = &intake->entries[i];

		kl_write_array(w, 4);
		kl_write_uint(w, entry->member);
		kl_write_id(w, &entry->contribution);
		kl_write_uint(w, (uint64_t)entry->status);
		reply_write(w, entry);
	}
}

static void reply_read(struct kl_list *fields, struct kl_intake_entry *entry)
{
	struct kl_bytes bytes;

	if (entry->status != KL_INTAKE_OK) {
		kl_list_nil(fields);
		return;
	}
	bytes = kl_list_bin(fields);
	if (!fields->rc)
		fields->rc = kl_reply_decode(bytes, &entry->reply);
}

static void entries_read(struct kl_list *list, struct kl_tally_intake *intake)
{
	struct kl_list entries = kl_list_array(list, ITEMS_MAX);

	intake->entries = kl_list_alloc(&entries, entries.count, sizeof(*intake->entries));
	intake->count = (uint16_t)(intake->entries ? entries.count : 0);
	for (unsigned i = 0; i < intake->count && !entries.rc; i++) {
		struct kl_intake_entry *entry = &intake->entries[i];
		struct kl_list fields = kl_list_tuple(&entries, 4);

		entry->member = (uint16_t)kl_list_uint(&fields, KL_TALLY_MEMBERS_MAX - 1);
		kl_list_id(&fields, &entry->contribution);
		entry->status = (enum kl_intake_status)kl_list_uint(&fields, KL_INTAKE_WITHDRAWN);
		reply_read(&fields, entry);
		if (!fields.rc && i > 0 && entry->member <= intake->entries[i - 1].member)
			fields.rc = KL_E_MALFORMED;
		kl_list_end(&entries, &fields);
	}
	kl_list_end(list, &entries);
}

int kl_tally_intake_read(struct kl_bytes payload, struct kl_tally_intake *ret_intake)
{
	struct kl_list list = part_payload(payload, 7);
	struct kl_tally_intake intake = {0};
	struct kl_writer w;
	int rc;

	kl_list_id(&list, &intake.tally);
	intake.seat = seat_read(&list);
	part_read(&list, &intake.part);
	entries_read(&list, &intake);
	kl_writer_init(&w);
	if (!list.rc)
		kl_tally_intake_write(&w, &intake);
	rc = finish(&list, &w, payload);
	if (rc)
		kl_tally_intake_deinit(&intake);
	else
		*ret_intake = intake;
	return rc;
}

/* ---- PROPOSE -------------------------------------------------------------------------------- */

void kl_tally_propose_deinit(struct kl_tally_propose *propose)
{
	if (!propose)
		return;
	free(propose->rows);
	propose->rows = NULL;
}

void kl_tally_propose_write(struct kl_writer *w, const struct kl_tally_propose *propose)
{
	begin(w, 9, &propose->tally);
	kl_write_uint(w, propose->attempt);
	part_write(w, &propose->part);
	kl_write_array(w, propose->cited_count);
	for (unsigned i = 0; i < propose->cited_count; i++) {
		kl_write_array(w, 2);
		kl_write_uint(w, propose->cited[i].seat);
		kl_write_id(w, &propose->cited[i].intake);
	}
	kl_write_array(w, propose->earlier_count);
	for (unsigned i = 0; i < propose->earlier_count; i++)
		kl_write_id(w, &propose->earlier[i]);
	kl_write_array(w, propose->row_count);
	for (unsigned i = 0; i < propose->row_count; i++) {
		kl_write_array(w, 4);
		kl_write_uint(w, propose->rows[i].metric);
		kl_write_uint(w, propose->rows[i].cohort);
		kl_write_uint(w, propose->rows[i].level);
		kl_write_id(w, &propose->rows[i].set);
	}
}

static void cited_read(struct kl_list *list, struct kl_tally_propose *propose)
{
	struct kl_list cited = kl_list_array(list, KL_SEATS_MAX);

	for (uint32_t i = 0; i < cited.count && !cited.rc; i++) {
		struct kl_list fields = kl_list_tuple(&cited, 2);

		propose->cited[i].seat = seat_read(&fields);
		kl_list_id(&fields, &propose->cited[i].intake);
		if (!fields.rc && i > 0 && propose->cited[i].seat <= propose->cited[i - 1].seat)
			fields.rc = KL_E_MALFORMED;
		kl_list_end(&cited, &fields);
	}
	propose->cited_count = (uint8_t)cited.count;
	kl_list_end(list, &cited);
}

static void earlier_read(struct kl_list *list, struct kl_tally_propose *propose)
{
	struct kl_list earlier = kl_list_array(list, KL_TALLY_EARLIER_MAX);

	for (uint32_t i = 0; i < earlier.count && !earlier.rc; i++) {
		kl_list_id(&earlier, &propose->earlier[i]);
		if (!earlier.rc && i > 0 &&
			kl_id_compare(&propose->earlier[i - 1], &propose->earlier[i]) >= 0)
			earlier.rc = KL_E_MALFORMED;
	}
	propose->earlier_count = (uint8_t)earlier.count;
	kl_list_end(list, &earlier);
}

static void rows_read(struct kl_list *list, struct kl_tally_propose *propose)
{
	struct kl_list rows = kl_list_array(list, ITEMS_MAX);

	propose->rows = kl_list_alloc(&rows, rows.count, sizeof(*propose->rows));
	propose->row_count = (uint16_t)(propose->rows ? rows.count : 0);
	for (unsigned i = 0; i < propose->row_count && !rows.rc; i++) {
		struct kl_proposal_row *row = &propose->rows[i];
		struct kl_list fields = kl_list_tuple(&rows, 4);

		row->metric = (uint16_t)kl_list_uint(&fields, KL_TALLY_METRICS_MAX - 1);
		row->cohort = (uint8_t)kl_list_uint(&fields, KL_TALLY_COHORTS_MAX - 1);
		row->level = (uint8_t)kl_list_uint(&fields, KL_LEVELS - 1);
		kl_list_id(&fields, &row->set);
		kl_list_end(&rows, &fields);
	}
	kl_list_end(list, &rows);
}

int kl_tally_propose_read(struct kl_bytes payload, struct kl_tally_propose *ret_propose)
{
	struct kl_list list = part_payload(payload, 9);
	struct kl_tally_propose propose = {0};
	struct kl_writer w;
	int rc;

	kl_list_id(&list, &propose.tally);
	propose.attempt = (uint32_t)kl_list_uint(&list, UINT32_MAX);
	part_read(&list, &propose.part);
	cited_read(&list, &propose);
	earlier_read(&list, &propose);
	if (!list.rc && propose.part.number > 1 &&
		(propose.cited_count > 0 || propose.earlier_count > 0))
		list.rc = KL_E_MALFORMED;
	rows_read(&list, &propose);
	kl_writer_init(&w);
	if (!list.rc)
		kl_tally_propose_write(&w, &propose);
	rc = finish(&list, &w, payload);
	if (rc)
		kl_tally_propose_deinit(&propose);
	else
		*ret_propose = propose;
	return rc;
}

/* ---- OPEN ----------------------------------------------------------------------------------- */

void kl_tally_open_deinit(struct kl_tally_open *open)
{
	if (!open)
		return;
	free(open->sums);
	open->sums = NULL;
}

static void sum_write(struct kl_writer *w, const struct kl_open_sum *sum)
{
	uint8_t bytes[KL_CELLS_BINS_MAX * KL_ELEMENT_BYTES];

	if (sum->bins == 0) {
		kl_write_nil(w);
		return;
	}
	kl_field_encode_all(sum->cells, sum->bins, bytes);
	kl_write_bin(w, kl_bytes(bytes, (size_t)sum->bins * KL_ELEMENT_BYTES));
}

void kl_tally_open_write(struct kl_writer *w, const struct kl_tally_open *open)
{
	begin(w, 12, &open->tally);
	kl_write_uint(w, open->seat);
	kl_write_uint(w, open->attempt);
	kl_write_id(w, &open->proposal);
	kl_write_array(w, open->vote_count);
	for (unsigned i = 0; i < open->vote_count; i++)
		kl_write_id(w, &open->votes[i]);
	kl_write_array(w, open->skip_count);
	for (unsigned i = 0; i < open->skip_count; i++)
		kl_write_id(w, &open->skips[i]);
	part_write(w, &open->part);
	kl_write_uint(w, open->first);
	kl_write_array(w, open->count);
	for (unsigned i = 0; i < open->count; i++)
		sum_write(w, &open->sums[i]);
}

static void sum_read(struct kl_list *sums, struct kl_open_sum *sum)
{
	struct kl_bytes bytes = {0};
	struct kl_value value;

	kl_list_value(sums, &value);
	if (sums->rc || value.type == KL_WIRE_NIL)
		return;
	sums->rc = kl_value_bin(&value, &bytes);
	if (sums->rc)
		return;
	if (bytes.len == 0 || bytes.len % KL_ELEMENT_BYTES != 0 || bytes.len > sizeof(sum->cells)) {
		sums->rc = KL_E_MALFORMED;
		return;
	}
	sum->bins = (uint8_t)(bytes.len / KL_ELEMENT_BYTES);
	sums->rc = kl_field_decode_all(bytes, sum->cells, sum->bins);
}

static void sums_read(struct kl_list *list, struct kl_tally_open *open)
{
	/* A nil takes one byte and a sum in memory 520: their number is limited by what a proposal
	 * can hold, not by what a payload can. */
	struct kl_list sums = kl_list_array(list, KL_TALLY_METRICS_MAX * KL_TALLY_COHORTS_MAX);

	open->sums = kl_list_alloc(&sums, sums.count, sizeof(*open->sums));
	open->count = (uint16_t)(open->sums ? sums.count : 0);
	for (unsigned i = 0; i < open->count && !sums.rc; i++)
		sum_read(&sums, &open->sums[i]);
	kl_list_end(list, &sums);
}

static void votes_read(struct kl_list *list, struct kl_tally_open *open)
{
	struct kl_list votes = kl_list_array(list, KL_SEATS_MAX);

	for (uint32_t i = 0; i < votes.count; i++)
		kl_list_id(&votes, &open->votes[i]);
	open->vote_count = (uint8_t)votes.count;
	kl_list_end(list, &votes);
	votes = kl_list_array(list, KL_TALLY_CITED_MAX);
	for (uint32_t i = 0; i < votes.count; i++)
		kl_list_id(&votes, &open->skips[i]);
	open->skip_count = (uint8_t)votes.count;
	kl_list_end(list, &votes);
}

int kl_tally_open_read(struct kl_bytes payload, struct kl_tally_open *ret_open)
{
	struct kl_list list = part_payload(payload, 12);
	struct kl_tally_open open = {0};
	struct kl_writer w;
	int rc;

	kl_list_id(&list, &open.tally);
	open.seat = seat_read(&list);
	open.attempt = (uint32_t)kl_list_uint(&list, UINT32_MAX);
	kl_list_id(&list, &open.proposal);
	votes_read(&list, &open);
	part_read(&list, &open.part);
	open.first = (uint16_t)kl_list_uint(&list, UINT16_MAX);
	sums_read(&list, &open);
	kl_writer_init(&w);
	if (!list.rc)
		kl_tally_open_write(&w, &open);
	rc = finish(&list, &w, payload);
	if (rc)
		kl_tally_open_deinit(&open);
	else
		*ret_open = open;
	return rc;
}
