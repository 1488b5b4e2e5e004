-- What a table of interventions would be without foreign keys, checks and policies: compact codes, one unique key, one plan index.
CREATE TABLE lean (
    key bigint PRIMARY KEY,
    plan integer NOT NULL,
    risk smallint NOT NULL,
    valid_from date NOT NULL,
    support_measure smallint NOT NULL,
    purpose smallint NOT NULL,
    attendance smallint NOT NULL,
    mode smallint,
    subject smallint,
    specialist smallint,
    hours numeric(5, 2),
    eur numeric(9, 2)
);
CREATE INDEX ix_lean_plan ON lean (plan);
