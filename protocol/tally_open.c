/* OPEN: what a seat adds up once a proposal is certified, and never before. */
#include "core/sums.h"
#include "protocol/tally_book.h"

#include <string.h>

static void cite_votes(const struct kl_tally *t, struct kl_tally_open *record)
{
	for (unsigned j = 0; j < t->committee.n && record->vote_count < t->committee.qv; j++) {
		const struct kl_tally_seat *seat = &t->seats[j];

		for (unsigned i = 0; i < seat->vote_count; i++) {
			if (seat->votes[i].attempt != t->certified_attempt ||
				!kl_id_equal(&seat->votes[i].proposal, &t->certified))
				continue;
			record->votes[record->vote_count++] = seat->votes[i].id;
			break;
		}
	}
}

/* For each earlier attempt in order, qv SKIPs. */
static void cite_skips(const struct kl_tally *t, struct kl_tally_open *record)
{
	for (uint32_t attempt = 0; attempt < t->certified_attempt; attempt++) {
		unsigned cited = 0;

		for (unsigned j = 0; j < t->committee.n && cited < t->committee.qv; j++) {
			if (!kl_seat_skipped(&t->seats[j], attempt))
				continue;
			record->skips[record->skip_count++] = t->seats[j].skips[attempt];
			cited++;
		}
	}
}

/* The sum of exactly the set of one row, or none. */
static void sum_row(const struct kl_tally *t, const struct kl_tally_proposal *p,
	const uint64_t *const *vectors, size_t row, struct kl_open_sum *ret_sum)
{
	const struct kl_proposal_row *r = &p->rows[row];
	const struct kl_metric *metric = &t->call.metrics[r->metric];
	const struct kl_runs runs = {metric->runs[r->level], metric->level_bins[r->level]};
	struct kl_set set;

	memset(ret_sum, 0, sizeof(*ret_sum));
	kl_tally_cohort_set(t, &p->outcome, r->metric, r->cohort, &set);
	if (kl_partial_sum(&t->cells, r->metric, &runs, vectors, t->roster.count, &set,
		    ret_sum->cells) == KL_OK)
		ret_sum->bins = runs.count;
}

static void open_rows(struct kl_tallies *book, const struct kl_tally *t,
	const struct kl_tally_proposal *p, struct kl_tally_open *record)
{
	const uint64_t **vectors = kl_tally_memory(book, (t->roster.count + 1U) * sizeof(*vectors));
	size_t bytes = KL_PART_FIXED_BYTES, row = record->first;

	record->sums = kl_tally_memory(book, (p->row_count - row) * sizeof(*record->sums));
	if (!vectors || !record->sums)
		return;
	for (unsigned i = 0; i < t->roster.count; i++) {
		unsigned number = p->outcome.who.numbers[i];

		/* A share that failed the tests would spoil the sum, and this seat its name. */
		if (number && kl_selected_holds(&p->outcome.who, t->own_seat, i))
			vectors[i] = t->columns[i].contributions[number - 1].vector;
	}
	do {
		sum_row(t, p, vectors, row, &record->sums[record->count]);
		bytes += 3 + 8U * record->sums[record->count++].bins;
	} while (++row < p->row_count &&
		 bytes + 3 + 8 * KL_METRIC_BINS_MAX <= book->options.part_bytes);
	record->part.more = row < p->row_count;
}

void kl_tally_open_sums(struct kl_tallies *book, struct kl_tally *t)
{
	const struct kl_tally_seat *seat = &t->seats[t->own_seat - 1];
	const struct kl_tally_proposal *p = kl_tally_certified_proposal(t);
	const struct kl_part_said *last =
		kl_parts_furthest(&seat->open_parts, t->certified_attempt, &t->certified);
	struct kl_tally_open record = {
		.tally = t->id, .seat = t->own_seat, .attempt = t->certified_attempt};
	struct kl_writer w;

	if (!p || p->row_count == 0 || !seat->accepted || !kl_tally_key_fits(t, seat) ||
		seat->opened || (t->asked & KL_DUTY_OPEN))
		return;
	record.proposal = t->certified;
	record.first = last ? (uint16_t)last->end : 0;
	if (record.first >= p->row_count)
		return;
	cite_votes(t, &record);
	cite_skips(t, &record);
	kl_tally_next_part(last, &record.part);
	open_rows(book, t, p, &record);
	if (book->rc)
		return;
	kl_writer_init(&w);
	kl_tally_open_write(&w, &record);
	kl_tally_append(book, t, KL_KIND_TALLY_OPEN, KL_DUTY_OPEN, &w);
}
