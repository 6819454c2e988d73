/* How well a document answers a search: BM25, and the best of many.
 *
 * The formula is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
 * Beyond" (2009), with the values they call usual, k1 = 1.2 and b = 0.75: a word counts the more
 * the rarer it is, more occurrences count ever less, and long texts need more of them. The weight of a
 * word is ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative; N documents, n with the word.
 *
 * Ours: the title counts as often as core/terms.h says; documents with all words of the search stand
 * before those with only some, and of two that are equal the one that came later. */
#ifndef KL_CORE_RANK_H
#define KL_CORE_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KL_RANK_K1 1.2
#define KL_RANK_B  0.75

/* What a word weighs that stands in `with` of `documents`. */
double kl_rank_weight(uint64_t documents, uint64_t with);

/* What makes long documents need more occurrences: k1 * (1 - b + b * length / mean length). */
static inline double kl_rank_burden(double length, double mean)
{
	return KL_RANK_K1 * (1 - KL_RANK_B + (mean > 0 ? KL_RANK_B * length / mean : 0));
}

/* What `occurrences` of a word add to the score. */
static inline double kl_rank_score(double weight, double occurrences, double burden)
{
	return weight * occurrences * (KL_RANK_K1 + 1) / (occurrences + burden);
}

struct kl_hit {
	uint64_t arrival; /* of the document: see store/arrivals.h */
	double score;
	bool whole; /* all words of the search stand in it */
};

/* Whether `a` stands before `b` in the answer. */
bool kl_hit_before(const struct kl_hit *a, const struct kl_hit *b);

/* The best `max` of many: `items` has room for them; zero `n` at first. */
struct kl_best {
	struct kl_hit *items;
	size_t n, max;
};

void kl_best_add(struct kl_best *best, const struct kl_hit *hit);

/* Puts the items in order, the best first. Nothing may be added afterwards. */
void kl_best_sort(struct kl_best *best);

#endif
