CREATE TABLE "audit" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"action" text NOT NULL,
	"user_id" text,
	"map_id" text,
	"person_id" text,
	"detail" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"base_seq" bigint NOT NULL,
	"base_hash" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_map" ON "audit" USING btree ("map_id","seq");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at");