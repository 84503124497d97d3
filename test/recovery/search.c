/*
 * search.c
 *		Look for the most likely model by exhaustive search.
 *
 * search MODEL P1 P2 P3 P4 < HISTORIES: prints the log likelihood of the model
 * with these parameters, the greatest that the search finds, and where that is.
 * Histories are lines of x, t_x, t and the number of customers.
 *
 * Nothing here is the extension's: the likelihoods are written anew, from other
 * formulas; the search knows no start but a grid over all that the parameters
 * might be, and no derivative that could be wrong. Two of the parameters are of
 * how customers buy, two of how they leave. Where few leave, all of the
 * likelihood is in how they buy; so the best of these is sought for each point
 * of a grid of the others, before all go uphill together from each point of it
 * that is likelier than those around it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NPARAMS		4
#define NBUYS		2			/* the first are of how customers buy */

/* The grid, by the logarithms of parameters: so many points, so far apart. */
#define GRID		9
#define GRID_STEP	1.5

/* The least steps of the search on the grid, and of that for all parameters. */
#define ROUGH_STEP	1e-3
#define LEAST_STEP	1e-4

#define MAX_X		1000

typedef struct History
{
	int			x;
	double		t_x;
	double		t;
	double		customers;
} History;

/* Parameters, and what customers share who bought as often. */
typedef struct Model
{
	double		p[NPARAMS];
	double		purchases[MAX_X + 1];	/* ln of gamma(r + x) alpha^r / gamma(r) */
	double		stays[MAX_X + 2];	/* ln of the probability to stay at x chances */
} Model;

/* The likelihood of one customer, as its logarithm. */
typedef double (*Likelihood) (const Model *model, const History *h);

static History *histories;
static int	nhistories;
static Likelihood likelihood;
static int	nlooks;

/* ln(exp(a) + exp(b)) */
static double
log_sum(double a, double b)
{
	return fmax(a, b) + log1p(exp(-fabs(a - b)));
}

/*
 * r, alpha, a, b: stayed at all chances, and did not buy since t_x; or stayed
 * at all but the last.
 */
static double
beta_geometric(const Model *m, const History *h, int chances)
{
	double		shape = m->p[0] + h->x;
	double		alive = m->stays[chances] - shape * log(m->p[1] + h->t);

	if (chances > 0)
		alive = log_sum(alive, m->stays[chances] +
						log(m->p[2] / (m->p[3] + chances - 1)) -
						shape * log(m->p[1] + h->t_x));
	return m->purchases[h->x] + alive;
}

static double
bgnbd(const Model *m, const History *h)
{
	return beta_geometric(m, h, h->x);
}

static double
mbgnbd(const Model *m, const History *h)
{
	return beta_geometric(m, h, h->x + 1);
}

/*
 * The integral of (c1 + y)^-power1 (c2 + y)^-power2 from one time to another, as
 * its logarithm; c1 <= c2. By Gauss and Legendre in pieces of ln(c1 + y), on
 * none of which the integrand changes much. Where that would take more pieces
 * than there are, no model is likely.
 */
static double
log_integral(double c1, double power1, double c2, double power2,
			 double from, double to)
{
	static const double node[] = {
		0.1834346424956498, 0.5255324099163290,
		0.7966664774136267, 0.9602898564975363
	};
	static const double weight[] = {
		0.3626837833783620, 0.3137066458778873,
		0.2223810344533745, 0.1012285362903763
	};
	double		begin = log(c1 + from);
	double		length = log(c1 + to) - begin;
	int			pieces = (int) fmin(ceil((power1 + power2) * length / 6), 32);
	double		greatest = -power1 * begin - power2 * log(c2 + from);
	double		sum = 0;

	if (pieces == 0)
		return -INFINITY;
	for (int i = 0; i < 8 * pieces; i++)
	{
		double		offset = i % 2 ? node[i / 2 % 4] : -node[i / 2 % 4];
		double		at = begin + (i / 8 + 0.5 + offset / 2) * length / pieces;

		sum += weight[i / 2 % 4] *
			exp(at - power1 * at - power2 * log(c2 - c1 + exp(at)) - greatest);
	}
	return greatest + log(sum * length / (2 * pieces));
}

/* r, alpha, s, beta: still there at t, or left at some time since t_x. */
static double
pareto_nbd(const Model *m, const History *h)
{
	double		shape = m->p[0] + h->x;
	double		alpha = m->p[1];
	double		s = m->p[2];
	double		beta = m->p[3];
	double		alive = -shape * log(alpha + h->t) - s * log1p(h->t / beta);
	double		dead = log(s) + s * log(beta);

	if (alpha < beta)
		dead += log_integral(alpha, shape, beta, s + 1, h->t_x, h->t);
	else
		dead += log_integral(beta, s + 1, alpha, shape, h->t_x, h->t);
	return m->purchases[h->x] + log_sum(alive, dead);
}

/* The log likelihood of all customers, by the logarithms of the parameters. */
static double
look(const double *point)
{
	static Model m;
	double		sum = 0;

	nlooks++;
	for (int i = 0; i < NPARAMS; i++)
		m.p[i] = exp(point[i]);
	m.purchases[0] = m.p[0] * point[1];
	m.stays[0] = 0;
	for (int x = 0; x <= MAX_X; x++)
	{
		if (x > 0)
			m.purchases[x] = m.purchases[x - 1] + log(m.p[0] + x - 1);
		m.stays[x + 1] = m.stays[x] - log1p(m.p[2] / (m.p[3] + x));
	}
	for (int i = 0; i < nhistories; i++)
		sum += histories[i].customers * likelihood(&m, &histories[i]);
	return sum;
}

/*
 * A neighbour of a point: the first parameters, some of them, are less, the
 * same, or more. There are 3 to the power of their number.
 */
static void
neighbour(const double *point, int number, int nvaried, double distance,
		  double *result)
{
	memcpy(result, point, NPARAMS * sizeof(double));
	for (int i = 0; i < nvaried; i++)
	{
		result[i] += (number % 3 - 1) * distance;
		number /= 3;
	}
}

/* The neighbour that is likeliest, or -1 if none is likelier. */
static int
best_neighbour(const double *point, double value, int nvaried, double distance)
{
	int			best = -1;

	for (int i = 0; i < pow(3, nvaried); i++)
	{
		double		next[NPARAMS];
		double		found;

		neighbour(point, i, nvaried, distance, next);
		found = look(next);
		if (found > value)
		{
			value = found;
			best = i;
		}
	}
	return best;
}

/*
 * Go uphill, by some of the parameters, to where no step of the least size leads
 * higher; how high that is. A direction is kept while it leads higher, by twice
 * the distance each time: valleys are long.
 */
static double
climb(double *point, int nvaried, double step, double least)
{
	double		value = look(point);
	int			direction;

	for (; step > least; step /= 2)
	{
		while ((direction = best_neighbour(point, value, nvaried, step)) >= 0)
		{
			for (double distance = step;; distance *= 2)
			{
				double		next[NPARAMS];
				double		found;

				neighbour(point, direction, nvaried, distance, next);
				found = look(next);
				if (!(found > value))
					break;
				value = found;
				memcpy(point, next, sizeof(next));
			}
		}
	}
	return value;
}

/* A point of the grid and how likely it is, with what is best for the others. */
typedef struct GridPoint
{
	double		point[NPARAMS];
	double		value;
} GridPoint;

/* Is a point of the grid likelier than all around it? */
static int
is_summit(GridPoint grid[GRID][GRID], int row, int column)
{
	for (int i = -1; i <= 1; i++)
	{
		for (int j = -1; j <= 1; j++)
		{
			if (row + i >= 0 && row + i < GRID &&
				column + j >= 0 && column + j < GRID &&
				grid[row + i][column + j].value > grid[row][column].value)
				return 0;
		}
	}
	return 1;
}

/* Search everywhere: what is likeliest, and how many ways uphill there were. */
static GridPoint
search(int *nsummits)
{
	static GridPoint grid[GRID][GRID];
	GridPoint	best = {.value = -INFINITY};

	/* a from 1/400 to 400, b from 1/20 to 8000, s and beta likewise */
	for (int i = 0; i < GRID; i++)
	{
		for (int j = 0; j < GRID; j++)
		{
			GridPoint  *g = &grid[i][j];

			g->point[0] = g->point[1] = 0;
			g->point[2] = (i - GRID / 2) * GRID_STEP;
			g->point[3] = (j - GRID / 2) * GRID_STEP + 3;
			g->value = climb(g->point, NBUYS, GRID_STEP, ROUGH_STEP);
		}
	}
	*nsummits = 0;
	for (int i = 0; i < GRID; i++)
	{
		for (int j = 0; j < GRID; j++)
		{
			GridPoint	g = grid[i][j];

			if (!is_summit(grid, i, j))
				continue;
			(*nsummits)++;
			g.value = climb(g.point, NPARAMS, GRID_STEP / 8, LEAST_STEP);
			if (g.value > best.value)
				best = g;
		}
	}
	return best;
}

/* Read the histories; false if there are none, or one is out of range. */
static int
read_histories(void)
{
	History		h;
	int			room = 0;

	while (scanf("%d %lf %lf %lf", &h.x, &h.t_x, &h.t, &h.customers) == 4)
	{
		if (h.x < 0 || h.x > MAX_X)
			return 0;
		if (nhistories == room)
		{
			room = room ? 2 * room : 1024;
			histories = realloc(histories, room * sizeof(History));
			if (histories == NULL)
				return 0;
		}
		histories[nhistories++] = h;
	}
	return nhistories > 0;
}

static Likelihood
find_likelihood(const char *model)
{
	return strcmp(model, "bgnbd") == 0 ? bgnbd :
		strcmp(model, "mbgnbd") == 0 ? mbgnbd :
		strcmp(model, "pareto_nbd") == 0 ? pareto_nbd : NULL;
}

int
main(int argc, char **argv)
{
	double		given[NPARAMS];
	GridPoint	best;
	int			nsummits;

	if (argc != 2 + NPARAMS ||
		(likelihood = find_likelihood(argv[1])) == NULL || !read_histories())
	{
		fprintf(stderr, "usage: search MODEL P1 P2 P3 P4 < HISTORIES\n");
		return 2;
	}
	for (int i = 0; i < NPARAMS; i++)
		given[i] = log(atof(argv[2 + i]));
	best = search(&nsummits);
	printf("%.6f %.6f %d %d", look(given), best.value, nsummits, nlooks);
	for (int i = 0; i < NPARAMS; i++)
		printf(" %.6g", exp(best.point[i]));
	printf("\n");
	return 0;
}
