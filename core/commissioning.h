/* Words of commissioning, which policies, lessons and questions share: fixed lists, each ended by a NULL
 * slug, in the order in which people are shown them. Sets of them are bits: 1 << place in the list.
 *
 * route   how a council can buy from, or work with, community organisations without the usual
 *         competition by price. Report, "Making it happen" (innovation partnerships to alliance
 *         contracts) and the case studies (grants to locality commissioning)
 * stage   of the commissioning cycle. Ours: the report's figure of the cycle is lost in its text
 * barrier what stands in the way of commissioning locally. Report, chapter on what councils said
 * pathway how firmly social value is asked for. Joseph Rowntree Foundation 2014, as the report has it
 * outcome whether something worked. Ours */
#ifndef KL_CORE_COMMISSIONING_H
#define KL_CORE_COMMISSIONING_H

#include "core/profile.h"

extern const struct kl_slug kl_characteristic_words[], kl_routes[], kl_commissioning_stages[],
	kl_barriers[], kl_pathways[], kl_lesson_outcomes[];

#endif
