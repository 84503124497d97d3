/*-------------------------------------------------------------------------
 *
 * catalog_entries.c
 *		The grading systems that come with the extension.
 *
 * They stand here and not in the install script because labels in Chinese
 * must not keep the extension out of databases whose encoding has no such
 * characters: a script is converted as a whole, or not at all.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/catalog_entries.h"

/*
 * The order is that of doc/catalog.md. An entry in Chinese follows the English
 * one, has the same bounds, and its name ends with _zh.
 */
const CatalogEntry catalog_entries[] = {
	/* by share of value, or of the customers */
	{"abc",
		"A top 70% of value, B top 90% of value, C",
		"sales of a period", "money",
		"ABC analysis 70/20/10: who brings the first 70%, and the next 20%, of sales"},
	{"abc_80",
		"A top 80% of value, B top 95% of value, C",
		"sales of a period", "money",
		"ABC analysis 80/15/5: who brings the first 80%, and the next 15%, of sales"},
	{"abc_amount",
		"A >= 5000000, B >= 1000000, C",
		"sales of a year", "money",
		"ABC by fixed amounts, which stay when the market moves"},
	{"pareto_check",
		"concentrated >= 0.8, spread",
		"digest_top_share(sales, 0.2)", "share, 0 to 1",
		"the 80/20 rule: do the top 20% of the customers bring 80% of sales?"},
	{"core",
		"core top 20%, potential next 30%, general",
		"sales of a period", "money",
		"core customers are the fifth that the 80/20 rule is about; potential ones come next"},
	{"core_zh",
		"核心 top 20%, 潜力 next 30%, 一般",
		"sales of a period", "money",
		"core, labelled in Chinese"},
	{"vip_pyramid",
		"VIP top 1%, major next 4%, regular next 15%, small",
		"sales of a period", "money",
		"customer pyramid 1/4/15/80"},
	{"vip_pyramid_zh",
		"VIP客户 top 1%, 主要客户 next 4%, 普通客户 next 15%, 小客户",
		"sales of a period", "money",
		"vip_pyramid, labelled in Chinese"},
	{"value_layer",
		"high > p80, \"upper middle\" > p60, middle > p40, \"lower middle\" > p20, low",
		"sales of a period", "money",
		"five layers of users by value, cut at the quintiles"},
	{"value_layer_zh",
		"高价值 > p80, 中高价值 > p60, 中价值 > p40, 中低价值 > p20, 低价值",
		"sales of a period", "money",
		"value_layer, labelled in Chinese"},

	/* by frequency */
	{"frequency",
		"high >= 10, low >= 1, zero",
		"orders in a month", "orders",
		"who buys often, who seldom, who not at all"},
	{"frequency_zh",
		"高频 >= 10, 低频 >= 1, 零频",
		"orders in a month", "orders",
		"frequency, labelled in Chinese"},
	{"monthly_regular",
		"regular >= 10, other",
		"orders in a month", "orders",
		"monthly regulars: 10 or more purchases in a month"},
	{"visitor",
		"group >= 30, monthly >= 10, regular >= 4, \"walk-in\" >= 1",
		"orders in a month", "orders",
		"walk-in, regular, monthly and group customers; without an order not graded"},
	{"loyalty",
		"loyal >= 6, general >= 1, lost",
		"orders in the last 12 months", "orders",
		"who keeps coming, who comes now and then, who stays away"},
	{"loyalty_zh",
		"忠诚 >= 6, 一般 >= 1, 流失",
		"orders in the last 12 months", "orders",
		"loyalty, labelled in Chinese"},

	/* by points, and membership */
	{"points",
		"D > 5000, C >= 3000, B >= 1000, A",
		"accumulated points", "points",
		"points levels A (under 1000) to D (over 5000), D is the best"},
	{"points_discount",
		"\"0.80\" > 5000, \"0.88\" >= 3000, \"0.90\" >= 1000, \"0.95\"",
		"accumulated points", "points",
		"the levels of points with their discount as label: the factor on the price"},
	{"reputation",
		"\"five gold crowns\" >= 10000001, \"four gold crowns\" >= 5000001, "
		"\"three gold crowns\" >= 2000001, \"two gold crowns\" >= 1000001, "
		"\"one gold crown\" >= 500001, "
		"\"five crowns\" >= 200001, \"four crowns\" >= 100001, "
		"\"three crowns\" >= 50001, \"two crowns\" >= 20001, \"one crown\" >= 10001, "
		"\"five diamonds\" >= 5001, \"four diamonds\" >= 2001, "
		"\"three diamonds\" >= 1001, \"two diamonds\" >= 501, \"one diamond\" >= 251, "
		"\"five stars\" >= 151, \"four stars\" >= 91, \"three stars\" >= 41, "
		"\"two stars\" >= 11, \"one star\" >= 4",
		"accumulated points", "points",
		"stars, diamonds, crowns and gold crowns; under 4 points not graded"},
	{"reputation_zh",
		"五金冠 >= 10000001, 四金冠 >= 5000001, 三金冠 >= 2000001, "
		"二金冠 >= 1000001, 一金冠 >= 500001, "
		"五皇冠 >= 200001, 四皇冠 >= 100001, 三皇冠 >= 50001, "
		"二皇冠 >= 20001, 一皇冠 >= 10001, "
		"五钻 >= 5001, 四钻 >= 2001, 三钻 >= 1001, 二钻 >= 501, 一钻 >= 251, "
		"五星 >= 151, 四星 >= 91, 三星 >= 41, 二星 >= 11, 一星 >= 4",
		"accumulated points", "points",
		"reputation, labelled in Chinese"},
	{"membership",
		"VIP >= 3000, ordinary",
		"spending accumulated in a year", "money",
		"who has become a VIP member this year"},
	{"membership_zh",
		"VIP会员 >= 3000, 普通会员",
		"spending accumulated in a year", "money",
		"membership, labelled in Chinese"},

	/* by amount */
	{"order_size",
		"A >= 100000, B >= 10000, C",
		"amount of an order", "money",
		"large, middle and small orders"},
	{"account_level",
		"five >= 5000000, four >= 3000000, three >= 500000, two >= 50000, one >= 10000",
		"sales of a year", "money",
		"account levels one to five, five is the best; under 10,000 not graded"},
	{"account_level_zh",
		"五级 >= 5000000, 四级 >= 3000000, 三级 >= 500000, 二级 >= 50000, 一级 >= 10000",
		"sales of a year", "money",
		"account_level, labelled in Chinese"},
	{"bank",
		"\"private banking\" >= 8000000, \"wealth management\" >= 2000000, "
		"\"personal finance\" >= 200000, ordinary",
		"assets under management", "money",
		"levels of a bank's customers by their assets"},
	{"bank_zh",
		"私人银行 >= 8000000, 财富管理 >= 2000000, 理财 >= 200000, 普通",
		"assets under management", "money",
		"bank, labelled in Chinese"},

	/* two measures together, by tier_all */
	{"medal_amount",
		"gold >= 100000, silver >= 10000, bronze",
		"sales of a year", "money",
		"gold, silver and bronze by amount and frequency together, by tier_all: the amount"},
	{"medal_amount_zh",
		"金牌 >= 100000, 银牌 >= 10000, 铜牌",
		"sales of a year", "money",
		"medal_amount, labelled in Chinese"},
	{"medal_frequency",
		"gold >= 12, silver >= 4, bronze",
		"orders in a year", "orders",
		"gold, silver and bronze by amount and frequency together, by tier_all: the frequency"},
	{"medal_frequency_zh",
		"金牌 >= 12, 银牌 >= 4, 铜牌",
		"orders in a year", "orders",
		"medal_frequency, labelled in Chinese"},
	{"trade_length",
		"main >= 2 years, general >= 6 months, scattered",
		"time since the first order", "time",
		"main, general and scattered customers by length of trade and volume together, by tier_all: the length"},
	{"trade_length_zh",
		"主力 >= 2 years, 一般 >= 6 months, 零散",
		"time since the first order", "time",
		"trade_length, labelled in Chinese"},
	{"trade_volume",
		"main >= 500000, general >= 50000, scattered",
		"sales of a year", "money",
		"main, general and scattered customers by length of trade and volume together, by tier_all: the volume"},
	{"trade_volume_zh",
		"主力 >= 500000, 一般 >= 50000, 零散",
		"sales of a year", "money",
		"trade_volume, labelled in Chinese"},

	/* by time */
	{"prospect",
		"A within 1 month, B within 3 months, C within 6 months, D, E by rule",
		"time until the expected close", "time",
		"which prospects to call first; D is later or latent, E is dead"},
	{"prospect_overdue",
		"overdue < 0 days, A within 1 month, B within 3 months, C within 6 months, D, E by rule",
		"time until the expected close", "time",
		"prospect, with those whose day has passed on top"},
	{"lead",
		"H within 3 days, A within 1 week, B within 1 month, C within 3 months, "
		"O by rule, F by rule, L by rule",
		"time until the expected order", "time",
		"leads H, A, B, C, and the states O (ordered), F (lost), L (no intention); beyond 3 months not graded"},
	{"tenure",
		"established >= 6 months, provisional",
		"time since the first order", "time",
		"new customers have a provisional grade until six months of business"},
	{"life_cycle",
		"active within 3 months, sleeping within 12 months, lost",
		"time since the last order", "time",
		"life cycle by last order; life_cycle_new tells the new ones from the active ones"},
	{"life_cycle_zh",
		"活跃 within 3 months, 沉睡 within 12 months, 流失",
		"time since the last order", "time",
		"life_cycle, labelled in Chinese"},
	{"life_cycle_new",
		"new within 3 months, active",
		"time since the first order", "time",
		"life cycle by tenure, for those whom life_cycle calls active"},
	{"life_cycle_new_zh",
		"新客 within 3 months, 活跃",
		"time since the first order", "time",
		"life_cycle_new, labelled in Chinese"},

	/* by scores */
	{"satisfaction",
		"A >= 80, B >= 60, C",
		"mean survey score", "score, 0 to 100",
		"how satisfied customers are"},
	{"composite",
		"A >= 80, B >= 60, C",
		"score_of(named_card('composite'), ...)", "score, 0 to 100",
		"three levels of yearly sales, price level, payment and trend together",
		.card = "sales 40%: 100 >= 5000000, 70 >= 1000000, 40 >= 100000, 10; "
		"price_level 20%: 100 >= 100, 70 >= 90, 40 >= 80, 0; "
		"days_late 25%: 100 <= 0, 70 <= 30, 40 <= 60, 0; "
		"growth 15%: 100 >= 10, 70 >= 0, 40 >= -10, 0"},
	{"risk",
		"low < 20, \"medium low\" < 40, medium < 60, \"medium high\" < 80, high",
		"score_of(named_card('risk'), ...)", "score, 0 to 100",
		"five levels of money-laundering risk, low is the best",
		.card = "customer 30% missing 100: linear 1 to 5; "
		"geography 20% missing 100: linear 1 to 5; "
		"business 30% missing 100: linear 1 to 5; "
		"industry 20% missing 100: linear 1 to 5"},
	{"risk_zh",
		"低风险 < 20, 较低风险 < 40, 中风险 < 60, 较高风险 < 80, 高风险",
		"score_of(named_card('risk'), ...)", "score, 0 to 100",
		"risk, labelled in Chinese"},
	/* anchor points of D&B's PAYDEX; below 20 the slope goes on to 0 */
	{"paydex",
		NULL,
		"days late, weighted by amount", "days",
		"how a customer pays, 0 to 100: 80 is on terms, 100 is 30 days early, 50 is 30 days late",
		.card = "days_late_weighted 100%: linear 0 at 180, 20 at 120, 30 at 90, "
		"40 at 60, 50 at 30, 60 at 22, 70 at 15, 80 at 0, 90 at -20, 100 at -30"},
	{"credit",
		"AAA >= 90, AA >= 80, A >= 70, BBB >= 60, BB >= 50, B >= 40, CCC >= 30, CC >= 20, C",
		"score_of(named_card('paydex'), ...)", "score, 0 to 100",
		"nine credit ratings, AAA to C, ten points each"},
	{"prospect_steps",
		"2 >= 80, 1 >= 60, 0 >= 20, \"-2\"",
		"outlook", "score, 0 to 100",
		"how many steps a customer's outlook moves its grade up or down: the label, for tier_promote"},
	{"matrix_value",
		"2 >= 1000000, 1",
		"sales of a year", "money",
		"value by potential: the first digit of the cell, for rfm_segment"},
	{"matrix_potential",
		"2 >= 60, 1",
		"potential", "score, 0 to 100",
		"value by potential: the second digit of the cell, for rfm_segment"},
	{"matrix",
		NULL,
		"cells of value by potential", "score, 11 to 22",
		"value by potential: where to invest, keep, develop, save effort",
		.segments = "Star: 22; Keep: 21; Develop: 12; Serve: 11"},

	/* RFM scores */
	{"eleven",
		NULL,
		"rfm_score by five bins", "score, 111 to 555",
		"the eleven segments of recency, frequency and monetary value",
		.segments = "Champions: 55[45] 54[45] 45[45] 445; "
		"Loyal: 543 444 435 355 354 345 344 335; "
		"Potential Loyalist: 55[123] 54[12] 53[123] 45[123] 44[12] 43[123] "
		"423 35[123] 34[12] 333 323; "
		"New: 51[12] 42[12] 41[12] 311; "
		"Promising: 52* 51[345] 42[45] 41[345] 31[345]; "
		"Need Attention: 53[45] 443 434 343 334 32[45]; "
		"About To Sleep: 331 321 312 221 213 231 241 251; "
		"At Risk: 25[2345] 24[2345] 23[45] 22[45] 15[23] 14[235] 13[345] 12[45]; "
		"Cannot Lose Them: 15[45] 144 21[45] 11[345]; "
		"Hibernating: 332 322 23[23] 22[23] 132 12[23] 21[12]; "
		"Lost: 11[12] 121 131 141 151"},
	{"recency_frequency",
		NULL,
		"rfm_score by five bins", "score, 11 to 55",
		"the ten segments of recency by frequency",
		.segments = "Champions: 5[45]; "
		"Loyal: [34][45]; "
		"Potential Loyalist: [45][23]; "
		"New: 51; "
		"Promising: 41; "
		"Need Attention: 33; "
		"About To Sleep: 3[12]; "
		"\"Can't Lose\": [12]5; "
		"At Risk: [12][34]; "
		"Hibernating: [12][12]"},
	{"eight",
		NULL,
		"rfm_score by two bins", "score, 111 to 222",
		"eight classes: each measure is high (2) or low (1)",
		.segments = "Key Value: 222; Key Keep: 122; Key Develop: 212; Key Win Back: 112; "
		"General Value: 221; General Keep: 121; General Develop: 211; "
		"General Win Back: 111"},
	{"eight_zh",
		NULL,
		"rfm_score by two bins", "score, 111 to 222",
		"eight, labelled in Chinese",
		.segments = "重要价值客户: 222; 重要保持客户: 122; "
		"重要发展客户: 212; 重要挽留客户: 112; "
		"一般价值客户: 221; 一般保持客户: 121; "
		"一般发展客户: 211; 一般挽留客户: 111"},
	{"four",
		NULL,
		"rfm_score by two bins", "score, 111 to 222",
		"VIP, loyal, potential and low-value customers: each measure is high (2) or low (1)",
		.segments = "VIP: 222; Loyal: 122 221 121; Potential: 21* 112; Low Value: 111"}
};

const int	num_catalog_entries = lengthof(catalog_entries);
