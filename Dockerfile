# A static program in an empty image:
#
#   docker build --tag kpi .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/work" kpi build
FROM rust:1.95-alpine3.22 AS build
RUN apk add --no-cache musl-dev=~1.2
WORKDIR /src
COPY . .
RUN cargo build --release --locked --features email,xlsx,parquet \
  && cp target/release/kpi /kpi

FROM scratch
COPY --from=build /kpi /kpi
WORKDIR /work
# Where results are kept that would be worked out again; a volume keeps it from one run to the next.
ENV KPI_CACHE=/cache
ENTRYPOINT ["/kpi"]
CMD ["--help"]
