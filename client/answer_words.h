/* How keys of an answer are called in a table, and what kind of number stands under them. */
#ifndef KL_CLIENT_ANSWER_WORDS_H
#define KL_CLIENT_ANSWER_WORDS_H

#include "client/answer.h"
#include "client/book.h"

/* KL_BOOK_POUNDS for a key that is pence or ends in _pence, and for the values below it (low, exact, ..),
 * KL_BOOK_SHARE for one that ends in share; `around` is what holds for the map around it. Counts below
 * such a key (left_out) are plain numbers. */
enum kl_book_type kl_answer_type(const char *key, enum kl_book_type around);

/* "round2_pence.low" is "Round 2 low", with " (£)" if these are pounds. Returns `out`. */
const char *kl_answer_label(const char *way, bool pounds, char out[KL_ANSWER_LABEL_MAX]);

#endif
