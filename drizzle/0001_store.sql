CREATE TABLE "build" (
	"repository" text NOT NULL,
	"target" text NOT NULL,
	"build" text NOT NULL,
	"stage" text NOT NULL,
	"sha" text,
	"tree" text,
	"verdict" text,
	"members" jsonb NOT NULL,
	"position" bigint NOT NULL,
	"doc" jsonb NOT NULL,
	CONSTRAINT "build_repository_target_build_pk" PRIMARY KEY("repository","target","build")
);
--> statement-breakpoint
CREATE TABLE "checkpoint" (
	"name" text PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"id" text PRIMARY KEY NOT NULL,
	"event" text NOT NULL,
	"action" text,
	"repository" text,
	"installation" bigint,
	"body" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"translated_at" timestamp (3) with time zone,
	"diagnostics" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"repository" text NOT NULL,
	"lane" text,
	"type" text NOT NULL,
	"key" text NOT NULL,
	"thing" text,
	"payload" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	"based_on" bigint,
	"epoch" integer
);
--> statement-breakpoint
CREATE TABLE "follow_up" (
	"repository" text NOT NULL,
	"target" text NOT NULL,
	"pull" integer NOT NULL,
	"issue" integer,
	"state" text NOT NULL,
	"position" bigint NOT NULL,
	"doc" jsonb NOT NULL,
	CONSTRAINT "follow_up_repository_target_pull_pk" PRIMARY KEY("repository","target","pull")
);
--> statement-breakpoint
CREATE TABLE "installation_limit" (
	"installation" bigint PRIMARY KEY NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lane" (
	"repository" text NOT NULL,
	"target" text NOT NULL,
	"position" bigint NOT NULL,
	"doc" jsonb NOT NULL,
	CONSTRAINT "lane_repository_target_pk" PRIMARY KEY("repository","target")
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"repository" text NOT NULL,
	"lane" text NOT NULL,
	"owner" text,
	"epoch" integer DEFAULT 0 NOT NULL,
	"acquired_at" timestamp (3) with time zone,
	"renewed_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"wake_at" timestamp (3) with time zone,
	CONSTRAINT "lease_repository_lane_pk" PRIMARY KEY("repository","lane")
);
--> statement-breakpoint
CREATE TABLE "pull_request" (
	"repository" text NOT NULL,
	"number" integer NOT NULL,
	"base" text,
	"branch" text,
	"state" text,
	"sha" text,
	"position" bigint NOT NULL,
	"doc" jsonb NOT NULL,
	CONSTRAINT "pull_request_repository_number_pk" PRIMARY KEY("repository","number")
);
--> statement-breakpoint
CREATE TABLE "queue_entry" (
	"repository" text NOT NULL,
	"target" text NOT NULL,
	"pull" integer NOT NULL,
	"sha" text NOT NULL,
	"status" text NOT NULL,
	"place" bigint,
	"reason" text,
	"position" bigint NOT NULL,
	CONSTRAINT "queue_entry_repository_target_pull_sha_pk" PRIMARY KEY("repository","target","pull","sha")
);
--> statement-breakpoint
CREATE TABLE "rejected_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"repository" text NOT NULL,
	"source" text NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"diagnostics" jsonb NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "repository" (
	"name" text PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"doc" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "build_sha" ON "build" USING btree ("sha");--> statement-breakpoint
CREATE INDEX "delivery_untranslated" ON "delivery" USING btree ("attempts","received_at") WHERE "delivery"."translated_at" is null;--> statement-breakpoint
CREATE INDEX "delivery_received" ON "delivery" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "event_key" ON "event" USING btree ("repository","key");--> statement-breakpoint
CREATE INDEX "event_order" ON "event" USING btree ("repository","position");--> statement-breakpoint
CREATE INDEX "event_thing" ON "event" USING btree ("repository","thing","position");--> statement-breakpoint
CREATE INDEX "event_lane" ON "event" USING btree ("repository","lane","position");--> statement-breakpoint
CREATE INDEX "event_pull" ON "event" USING btree ("repository",("payload"->>'pull'),"position");--> statement-breakpoint
CREATE INDEX "event_check" ON "event" USING btree ("repository",("payload"->>'sha'),"position") WHERE "event"."type" = 'check_reported';--> statement-breakpoint
CREATE INDEX "event_permission" ON "event" USING btree ("repository","thing","position") WHERE "event"."type" = 'permission_observed';--> statement-breakpoint
CREATE INDEX "follow_up_issue" ON "follow_up" USING btree ("repository","issue");--> statement-breakpoint
CREATE INDEX "lease_wake" ON "lease" USING btree ("wake_at") WHERE "lease"."wake_at" is not null;--> statement-breakpoint
CREATE INDEX "pull_request_base" ON "pull_request" USING btree ("repository","base","state");--> statement-breakpoint
CREATE INDEX "pull_request_branch" ON "pull_request" USING btree ("repository","branch");--> statement-breakpoint
CREATE INDEX "pull_request_sha" ON "pull_request" USING btree ("sha");--> statement-breakpoint
CREATE INDEX "queue_entry_status" ON "queue_entry" USING btree ("repository","target","status");--> statement-breakpoint
CREATE INDEX "rejected_event_repository" ON "rejected_event" USING btree ("repository","id");