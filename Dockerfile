# The official image with customer_tier. Not built or tried yet: build it once
# before you rely on it.
#
#   docker build -t customer_tier .
#   docker run --rm -e POSTGRES_PASSWORD=secret customer_tier
ARG POSTGRES=18

FROM postgres:${POSTGRES} AS build
ARG POSTGRES
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc make postgresql-server-dev-${POSTGRES} \
 && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN make -C /src install with_llvm=no DESTDIR=/built

FROM postgres:${POSTGRES}
COPY --from=build /built/ /
