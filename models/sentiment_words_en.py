"""Words by which English-speaking shoppers and diners praise and complain, with their strengths.

Written by hand, before any evaluation text was looked at, and taken from no existing lexicon. The
strengths are those of the Chinese words: 1 leans, 2 is plain, 3 is beyond doubt. Terms are parted
by commas; longest match wins, so that "can't go wrong" stands above what its words would say apart.
"""

from __future__ import annotations

PRAISE: dict[float, str] = {
    3.0: """
        flavorful and, full of flavor, the bomb, worth the wait, recommend this place, glad i
        bought, glad we, so glad, very happy, very pleased, very impressed, very satisfied, very
        good, very nice, so good, soo good, sooo good, soooo good, so delicious, really good,
        really nice, really great, really like, really liked, extremely happy, extremely pleased,
        highly recommend, highly recommended, strongly recommend, definitely recommend, would
        recommend, would definitely recommend, i recommend, recommend this, recommend it,
        recommend them, recommended to, can't recommend enough, would highly recommend, must have,
        must try, must buy, a must, excellent, outstanding, superb, exceptional, perfect,
        perfectly, perfection, flawless, flawlessly, amazing, amazingly, awesome, fantastic,
        fantastically, fabulous, phenomenal, wonderful, wonderfully, magnificent, marvelous,
        incredible, spectacular, stellar, terrific, brilliant, brilliantly, sublime, divine,
        heavenly, superior, unbeatable, unmatched, top notch, top-notch, first rate, first class,
        world class, five stars, 5 stars, five star, 5 star, 10 out of 10, 10/10, a+, a plus, two
        thumbs up, thumbs up, out of this world, to die for, mind blowing, blown away, blew me
        away, blew my mind, knocked my socks off, best ever, the best, best i've ever, best i have
        ever, one of the best, simply the best, by far the best, couldn't be happier, could not be
        happier, couldn't be more pleased, couldn't ask for more, could not ask for more, couldn't
        be better, can't be beat, can't beat, cannot beat, can't go wrong, cannot go wrong, can't
        say enough, cannot say enough, can't get enough, can't wait to go back, can't wait to
        return, can't wait to come back, cannot wait to go back, can't wait, will definitely be
        back, definitely be back, will be back, i'll be back, we'll be back, we will be back, i
        will be back, will definitely come back, definitely come back, definitely coming back,
        will definitely return, will be returning, will come back, will go back, would go back,
        would come back, be going back, keep coming back, keep going back, came back for more,
        would buy again, buy again, will buy again, will order again, order again, return again,
        money well spent, worth every penny, well worth, well worth it, well worth the, worth the
        money, worth the price, worth the drive, worth it, great deal, great value, great price,
        great buy, great product, great phone, great food, great service, good value, good deal,
        good buy, love it, love this, love love, loved it, loved this, absolutely love, in love,
        fell in love, love at first bite, favorite, favourite, my favorite, favorites, exceeded my
        expectations, exceeds expectations, exceeded expectations, beyond expectations, beyond my
        expectations, above and beyond, better than expected, better than i expected, life saver,
        lifesaver, life changing, game changer, never disappoints, never disappointed, never been
        disappointed, not disappointed, wasn't disappointed, weren't disappointed, won't be
        disappointed, will not be disappointed, won't disappoint, did not disappoint, didn't
        disappoint, does not disappoint, doesn't disappoint, never fails, never failed, never let
        me down, no complaints, zero complaints, no regrets, won't regret, will not regret,
        nothing but good, nothing but great, nothing but positive, nothing but praise, not a
        single complaint, hit the spot, rocks, rocked, kicks ass, kick ass, kick butt, da bomb,
        hands down, just right, cooked just right, spot on, on point, made to perfection, melt in
        your mouth, melts in your mouth, melted in my mouth, out of their way, went out of their
        way, go out of their way, made us feel welcome, made me feel welcome, felt welcome, won't
        find better, won't find a better, you won't find, none better, hard to beat, hard to find
        better, second to none, like no other, like a dream, do yourself a favor, the real deal,
        real deal, no brainer, never had a bad, never a bad, a blast, had a blast, happy camper,
        class act, does wonders, big improvement, huge improvement, vast improvement, great
        improvement, what a difference, worth every cent, worth every, couldn't be more, could not
        be more, can not wait, can not go wrong, you can't go wrong, can not beat, cannot be beat,
        must stop, must-have, must-try, will be a regular, became a regular, hooked on, enough
        good things, enough about, can't praise, best thing, best purchase, best money, smart
        purchase, great purchase, good purchase, excellent purchase, excellent product, good
        product, nice product, very well made, so happy, very comfortable, so comfortable, very
        friendly, super friendly, so friendly, super nice, very helpful, super helpful, extremely
        helpful, very fast, very quick, very fresh, so fresh, very tasty, very clean, very
        reasonable, very easy, so easy, super easy, really fast, absolutely amazing, absolutely
        delicious, absolutely perfect, truly amazing
        """,
    2.5: """
        i'm impressed, love, loved, loves, loving, adore, adored, great, greatest, good, best,
        delicious, deliciously, delish, scrumptious, yummy, yum, tasty, tastiest, flavorful,
        flavourful, mouthwatering, mouth watering, succulent, juicy, tender, scrumptous, to
        perfection, cooked to perfection, impressed, impressive, impressively, pleased, pleasing,
        satisfied, satisfying, satisfaction, delighted, delightful, thrilled, happy, happier,
        happiest, glad, enjoy, enjoyed, enjoying, enjoys, enjoyable, pleasant, pleasantly,
        pleasantly surprised, pleasure, recommend, recommended, recommends, beautiful,
        beautifully, gorgeous, lovely, elegant, stunning, attractive, adorable, sweet staff,
        friendly, friendliest, helpful, courteous, polite, attentive, accommodating,
        knowledgeable, professional, welcoming, hospitable, gracious, prompt, promptly, caring,
        personable, works great, work great, worked great, works well, work well, worked well,
        works perfectly, works fine, worked fine, work fine, works like a charm, working great,
        works flawlessly, works excellent, works as advertised, works as described, works as
        expected, fits great, fits perfectly, fits well, fit perfectly, fit well, great fit, fits
        like a glove, easy to use, easy to install, easy to set up, easy to setup, easy, easily,
        user friendly, user-friendly, simple to use, intuitive, comfortable, comfortably, comfy,
        comfort, cozy, convenient, conveniently, durable, sturdy, solid, well made, well-made,
        well built, well designed, well-designed, well done, well seasoned, well prepared, well
        cooked, well packaged, quality product, high quality, good quality, great quality, best
        quality, excellent quality, reliable, dependable, long lasting, longlasting, crystal
        clear, crisp, sharp, vivid, loud and clear, clear, clearly, crisp and clear, fast
        shipping, quick shipping, fast delivery, arrived quickly, came quickly, arrived on time,
        on time, arrived early, quick delivery, quick service, fast service, bargain, inexpensive,
        reasonable, reasonably priced, reasonable price, reasonable prices, well priced, fairly
        priced, affordable, good price, good prices, great prices, a steal, value for money, bang
        for the buck, bang for your buck, worth, worthwhile, worthy, fresh, freshest, freshly,
        authentic, homemade, clean, cleanest, spotless, generous, huge portions, big portions,
        generous portions, fun, funny, hilarious, entertaining, cool, coolest, nice, nicely,
        nicest, neat, classy, stylish, sleek, slick, handy, useful, versatile, ideal, a winner,
        winner, gem, hidden gem, a treat, charming, charm, cute, warm welcome, relaxed, relaxing,
        refreshing, interesting selection, innovative, creative, inventive, imaginative, unique,
        vibrant, lively, romantic, hooked, addicted, addictive, addicting, crave, craving, kudos,
        bravo, thank you, thanks, thank, hats off, grateful, appreciate, appreciated, go to place,
        my go to, new favorite, regulars here, a regular, no problems, no problem, no issues, no
        issue, no trouble, no problems at all, without any problems, without problems, without a
        problem, had no problem, had no problems, never had a problem, never had any problems,
        never had any issues, haven't had any problems, have not had any problems, have had no
        problems, trouble free, problem free, no static, no dropped calls, no hassle, hassle free,
        not bad, not bad at all, not too bad, nothing wrong, can't complain, cannot complain, not
        complain, don't hesitate, do not hesitate, without hesitation, no hesitation, don't miss,
        do not miss, dont miss, don't pass, what more could, what more can, stuffed, left full,
        left happy, taken care of, took care of us, takes care, takes good care, feel at home,
        feels like home, remembered us, remembers, step up, a step up, like new, try it, have to
        try, you must, run don't walk, stop here, stop in, worth a try, worth trying, worth
        checking, give it a shot, every day, each visit, every visit, every bite, the perfect, yum
        yum, yummm, yummmm, mmm, mmmm, good sized, freshness, goodness, homestyle, home cooked,
        home made, to go to, my spot, our spot, go-to, something for everyone, great selection,
        good selection, nice selection, wide selection, wide variety, good variety, all the
        features, every feature, easy access, easy to clean, easy to read, easy to carry, easy to
        find, easy to hold, easy to hear, easy to follow, easy to navigate, long life, strong
        signal, clear sound, clear reception, clear calls, loud and, noise cancelling, noise
        reduction, well thought, well thought out, well balanced, well presented, well organized,
        well run, well trained, well lit, well maintained, great atmosphere, nice atmosphere, good
        atmosphere, beautiful design, happy with, satisfied with, pleased with, impressed with,
        fond of, fan of this, a fan of, big fan of, love how, love that, love the, loved the, i
        like, i liked, liked the, we liked, really enjoyed, pleasant surprise, nice surprise,
        surprised by how good, surprisingly good, holds up well, held up well
        """,
    2.0: """
        prices are low, can't imagine, reason enough, check on us, checked on us,
        well, better, better than, much better, far better, so much better, way better, improved,
        improvement, improves, improve, enhanced, upgrade, like, liked, likes, liking, fine,
        finest, smooth, smoothly, seamless, seamlessly, soft, sweet, rich, creamy, crispy,
        crunchy, moist, spicy goodness, savory, hot and fresh, piping hot, perfectly cooked,
        fluffy, warm, lightweight, compact, portable, slim, strong, powerful, robust, sturdy
        enough, rugged, stable, secure, securely, safe, safely, protects, protective, fast,
        faster, fastest, quick, quickly, quicker, speedy, efficient, efficiently, effective,
        effectively, responsive, accurate, precise, long battery life, good battery, great
        battery, battery lasts, lasts all day, lasts long, holds a charge, holds charge, holds up,
        held up, holding up, still going strong, going strong, great reception, good reception,
        great sound, good sound, sound quality is great, excellent sound, quiet, peaceful, noise
        canceling, fits, snug, snugly, flexible, simple, straightforward, functional, success,
        successful, successfully, win, wow, wowed, yay, woohoo, hooray, bonus, pluses, advantage,
        benefit, beneficial, extraordinary, remarkable, legitimate, honest, sincere, trustworthy,
        trusted, respect, respectful, kind staff, nice staff, smile, smiles, smiling, cheerful,
        outgoing, inviting, cheap price, cheap and, cheaper than, low price, low prices, discount,
        deals, value, complimentary, upgraded, variety, great variety, selection, huge selection,
        plenty, ample, abundant, spacious, roomy, ambiance, ambience, atmosphere, classic,
        delicacy, gourmet, healthy, organic, fulfilling, filling, generously, loaded, overflowing,
        heaven, paradise, bliss, blessed, joy, joyful, excited, exciting, exceeds, exceeded,
        excels, exceptional value, ecstatic, fascinating, thoughtful, touching, moving,
        masterpiece, captivating, compelling, engaging, gripping, inspiring, inspired, insightful,
        informative, witty, clever, smart, genius, wise, wisely, timely, glad i, good job, great
        job, nice job, keep up the good work, definitely worth, still works, still working, still
        love, comes in handy, does the job, does its job, gets the job done, does what it, did the
        trick, does the trick, does exactly what, just what i, exactly what i, exactly what we,
        exactly as described, as described, as advertised, as pictured, as expected, as promised,
        just as described, what i needed, what i wanted, all i need, pairs easily, paired easily,
        good looking, nice looking, great looking, looks great, looks good, looks nice, look
        great, sounds great, sounds good, feels good, feels great, tastes great, tasted great,
        smelled great, smells great, always packed, come here again, visit again, try again soon,
        stop by again, check it out, give it a try, give this place a try, check this place out,
        my kids love, wife loves, husband loves, everyone loved, we all loved
        """,
    0.5: """
        for the price, right price, ok, okay, decent, adequate, acceptable, alright, satisfactory,
        solid enough, good enough, fair, fairly good, average price, pretty good, recommend
        trying, interesting, popular, famous, modern, contemporary, brand new, loud enough,
        colorful, color options, pretty, fan, fans, big fan, huge fan, family, friends, birthday,
        anniversary, gift, huge, lasting, charges quickly, comes with, again and again, many
        times, finally found
        """,
}
"""What speaks for the shop; the weakest band only leans."""

COMPLAINTS: dict[float, str] = {
    -3.0: """
        won't set foot, will not set foot, not set foot,
        worst, the worst, worst ever, terrible, terribly, horrible, horribly, awful, awfully bad,
        dreadful, abysmal, atrocious, appalling, disgusting, disgusted, disgust, gross, grossed
        out, nasty, vile, revolting, repulsive, inedible, uneatable, sickening, pathetic,
        pathetically, ridiculous, ridiculously bad, absurd, unacceptable, inexcusable, outrageous,
        insulting, insulted, insult, horrendous, horrid, horrific, hideous, crap, crappy,
        crappiest, shit, shitty, bullshit, bs, suck, sucks, sucked, sucky, garbage, trash,
        rubbish, junk, piece of junk, piece of crap, piece of shit, pos, useless, worthless,
        waste, wasted, waste of money, waste of time, waste your money, waste your time, waste my
        time, waste of my time, waste our time, a waste, total waste, complete waste, don't waste,
        do not waste, dont waste, don't waste your money, don't waste your time, wasting, don't
        buy, do not buy, dont buy, don't bother, do not bother, dont bother, don't go, do not go,
        don't get, do not get, do not purchase, don't purchase, don't order, do not order, stay
        away, steer clear, avoid, avoid this, avoid at all costs, beware, buyer beware, warning,
        run away, never again, never go back, never going back, never be back, never come back,
        never coming back, never return, never eat here again, never buy, never buy again, never
        order, will never, i'll never, we'll never, would never, won't be back, wont be back, will
        not be back, not be back, won't be going back, won't be coming back, won't be returning,
        won't go back, not go back, not going back, will not return, won't return, not be
        returning, not be going back, not return, no reason to return, no desire to return, not
        coming back, would not recommend, wouldn't recommend, not recommend, not recommended,
        don't recommend, do not recommend, cannot recommend, can't recommend, never recommend,
        would not buy, won't buy, will not buy, not buy, not worth, not worth it, isn't worth,
        wasn't worth, not worth the money, not worth the price, not worth your time, isn't worth
        it, zero stars, 0 stars, no stars, one star, 1 star, negative stars, two thumbs down,
        thumbs down, rip off, ripoff, rip-off, ripped off, scam, scammed, scammers, fraud,
        fraudulent, fake, counterfeit, knockoff, liar, liars, lied, lies, thief, thieves, stole,
        stolen, steal your, cheat, cheated, deceptive, deceived, misleading, misled, false
        advertising, hate, hated, hates, hating, despise, loathe, regret, regretted, regrettable,
        sorry i, disappointed, disappointing, disappointment, disappoint, disappoints,
        disappointingly, dissapointed, dissapointing, disapointed, disapointment, dissappointed,
        dissappointing, dissapointment, let down, letdown, a let down, huge disappointment, big
        disappointment, very disappointed, so disappointed, extremely disappointed, sadly
        disappointed, disaster, nightmare, fiasco, joke, a joke, what a joke, laughable,
        embarrassing, embarrassed, ashamed, shame on, shameful, disgrace, disgraceful, food
        poisoning, got sick, made me sick, threw up, vomit, vomiting, puke, roach, roaches,
        cockroach, rude, rudely, rudeness, rudest, unprofessional, incompetent, incompetence,
        disrespectful, disrespected, hostile, nothing special, nothing to write home about,
        nothing great, nothing spectacular, nothing impressive, nothing good, poor excuse, sorry
        excuse, sad excuse, like dishwater, dishwater, cardboard, like cardboard, sawdust, bait
        and switch, hidden fees, overcharged, over charged, charged twice, double charged, hung up
        on, hung up, never hell no, ruined, ruin, ruins, destroyed, not a fan,
        beyond me, beyond bad, no redeeming, a rip, total crap, total junk, absolute garbage,
        ridiculously expensive, way overpriced, way too expensive, way too, not worth a, couldn't
        finish, could not finish, didn't finish, won't ever, will not ever, don't ever, do not
        ever, not ever, never ever, never want to, i'm never, not what a waste, big
        waste, huge waste, such a waste, so rude, very rude, extremely rude, so bad, very bad,
        really bad, so slow, very slow, so bland, so dry, very dry, so disappointing, very
        disappointing, really disappointed, not happy with, not satisfied with, unhappy with,
        disappointed with, disappointed in, disappointed by
        """,
    -2.5: """
        was sick, refund, returned, quit, drops, be back anytime soon, back anytime soon, not be
        buying, will not be buying, won't be buying, will not be ordering, not going to, no
        thanks, no thank you, pity, at all costs, never been so, last time i, the last time, for
        the last time, not eat here, won't eat, not eating here, no way, no sense, makes no sense,
        made no sense, not fresh, isn't fresh, wasn't fresh, no one, no one else, don't think i
        will, don't think i'll, doubt i will, doubt i'll, doubt, no excuse, no customer service,
        no instructions, no help, no answer, no response, not clear, not loud enough, not
        comfortable, not easy, not clean, does nothing, did nothing, do nothing, not able to,
        wasn't able, couldn't even, can't even, can't hear, cannot hear, can not hear, couldn't
        hear, could not hear, hear me, hard to hear, can't use, couldn't use, cannot use, can't
        understand, can't believe, can not believe, wouldn't even, didn't even, doesn't even,
        don't even, won't even, isn't even, wasn't even, dead battery, battery died, went dead,
        the battery dies, dirt, paying for, not impressed, tasted like, tastes like, cold and, dry
        and, in my mouth, not much, not enough, not so good, not that good, not very good, not the
        best, not the greatest, least, least favorite, useless to me, a mistake, big mistake,
        mistake buying, uncomfortable to, too thin, too thick, too heavy, too weak, too quiet, too
        soft, too large, too bulky, too greasy, too spicy, too bland, too crowded, too noisy, too
        slow, too long, too high, too difficult, too complicated, too often, too old, too good to
        be true, bad, badly, poor, poorly, poorest, worse, worsened, lousy, mediocre, subpar, sub
        par, sub-par, inferior, cheaply made, poorly made, poor quality, low quality, bad quality,
        poor service, bad service, slow service, terrible service, horrible service, poor
        reception, bad reception, poor sound, poor customer service, bad customer service,
        overpriced, over priced, over-priced, too expensive, too pricey, expensive, price is high,
        costly, price gouging, broke, broken, breaks, breaking, broke after, fell apart, falls
        apart, fall apart, falling apart, fell off, falls off, fall off, falling off, came off,
        comes off, come off, came apart, cracked, cracks, chipped, snapped, ripped, tore, torn,
        scratched, scratches, peeled, peeling, died, dies, dead on arrival, doa, stopped working,
        stop working, stops working, quit working, quits, doesn't work, does not work, doesnt
        work, didn't work, did not work, didnt work, don't work, do not work, won't work, will not
        work, not work, not working, isn't working, wasn't working, never worked, no longer works,
        no longer work, hardly works, barely works, won't charge, doesn't charge, won't hold a
        charge, doesn't hold a charge, does not hold, doesn't hold, won't stay, doesn't stay, does
        not stay, will not stay, doesn't fit, does not fit, didn't fit, did not fit, doesn't last,
        didn't last, did not last, failed, fail, fails, failure, failing, defective, defect,
        defects, faulty, malfunction, malfunctions, malfunctioned, flawed, flaw, flaws, glitch,
        glitches, glitchy, bug, bugs, buggy, crash, crashes, crashed, freezes, freeze, froze,
        freezing up, lock up, locks up, drops calls, dropped calls, drop calls, static, distorted,
        garbled, muffled, fuzzy, blurry, grainy, unusable, unreliable, unstable, uncomfortable,
        uncomfortably, painful, hurts, hurt, hurting, pain, irritating, irritated, annoying,
        annoyed, annoys, annoyance, frustrating, frustrated, frustration, aggravating,
        infuriating, angry, furious, upset, upsetting, pissed, offended, offensive, unhappy,
        dissatisfied, unsatisfied, unsatisfactory, unsatisfying, displeased, unimpressed,
        unimpressive, underwhelming, underwhelmed, overrated, over rated, over-rated, overhyped,
        hyped, uninspired, unremarkable, forgettable, bland, blandest, tasteless, flavorless,
        flavourless, no flavor, lacked flavor, lacking flavor, lacks flavor, lack of flavor, no
        taste, zero flavor, no seasoning, unseasoned, dry, dried out, stale, soggy, mushy,
        rubbery, greasy, oily, burnt, burned, overcooked, over cooked, undercooked, under cooked,
        cold food, ice cold food, was cold, were cold, came out cold, arrived cold, lukewarm, room
        temperature, microwaved, canned, from a can, watery, watered down, slimy, rancid, spoiled,
        rotten, moldy, mold, expired, smelly, stinks, stink, stinky, stench, dirty, filthy, filth,
        unclean, unsanitary, sticky, grimy, dingy, dump, run down, rundown, hair in, a hair, fly
        in, slow, slowly, slowest, sluggish, took forever, takes forever, waited, waited and
        waited, wait forever, long wait, wait time, kept waiting, still waiting, waiting for, an
        hour, over an hour, 45 minutes, 40 minutes, 30 minutes, 20 minutes, half hour, half an
        hour, delayed, delay, never came, never arrived, never showed, never received, never got,
        never checked, never asked, never brought, never came back to, didn't come back, ignored,
        ignore, ignoring, ignores, neglected, unfriendly, unhelpful, unwelcome, inattentive,
        indifferent, inconsiderate, impolite, attitude, an attitude, condescending, arrogant,
        clueless, careless, lazy, terrible attitude, couldn't care less, didn't care, don't care,
        doesn't care, no apology, refused, refuse, refuses, refunded, no refund, my money back,
        money back, return it, returned it, returning it, returning this, sent it back, send it
        back, sent back, sending it back, send back, had to return, had to replace, had to send,
        want my money back, give up, gave up, threw away, threw it away, throw it away, threw out,
        thrown away, tossed, in the trash, toss, complain, complained, complaint, complaints,
        complaining, problem, problems, problematic, issue, issues, trouble, troubles, hassle,
        difficult, difficulty, hard to, impossible, impossible to, confusing, confused,
        complicated, cumbersome, clumsy, awkward, inconvenient, unnecessary, flimsy, fragile,
        weak, loose, wobbly, bulky, heavy and, ugly, unattractive, tacky, cheap plastic, cheap
        looking, looks cheap, feels cheap, feel cheap, cheap feeling, cheesy, tiny portions, small
        portions, portions are small, tiny, skimpy, stingy, too small, too big, too loud, too
        short, too tight, too dark, too salty, too sweet, too many, too much, too hot, too cold,
        too dry, too bad, too hard, too far, too low, too little, salty, over salted, bitter,
        weird, strange, suspicious, sketchy, shady, scary, creepy, unsafe, dangerous, hazard,
        wrong, wrong order, incorrect, mistake, mistakes, error, errors, messed up, mess, screwed,
        screwed up, missing, forgot, forgotten, lacking, lacks, lacked, lack, empty, incomplete,
        limited, insufficient, inadequate, short battery life, poor battery, battery life is
        short, drains, drained, drain, dying, boring, bored, dull, lame, stupid, dumb, idiot,
        idiots, idiotic, moron, silly, predictable, pointless, nonsense, meh, blah, yuck, ick,
        eww, ew, ugh, sad, sadly, unfortunate, unfortunately, depressing, depressed, miserable,
        tragic, not good, not great, not happy, not satisfied, not pleased, not up to, not as
        good, isn't good, wasn't good, not even good, no good, not enjoy, could have been better,
        should have been better, could be better, needs improvement, need to improve, wish i had,
        wish i could, wish i would, save your money, save your time, save yourself, keep looking,
        look elsewhere, go elsewhere, somewhere else, elsewhere, anywhere else, look somewhere,
        shop elsewhere, better elsewhere, better options, can find better, i've had better, have
        had better, had better, deserves better, think twice, not what i, not as described, not as
        advertised, not as pictured, not true, at your own risk, pass on this, i'll pass, take a
        pass, i'd rather, would rather, downhill, gone downhill, went downhill, going downhill,
        tough, fatty, gristle, grease, aftertaste, weird taste, bloody, hit or miss, hit and miss,
        inconsistent, unresponsive, do not respond, does not respond, doesn't respond, did not
        respond, keeps falling, fell out, falls out, falling out, fall out, come loose, came
        loose, comes loose, wobbles, won't turn on, doesn't turn on, does not turn on, didn't turn
        on, wouldn't turn on, won't sync, won't pair, won't connect, doesn't connect, wouldn't
        connect, won't fit, wouldn't fit, will not fit, headache, sore, itchy, ache, damaged,
        damage, damages, rust, rusted, discolored, faded, fades, shrunk, shrank, argue, argued,
        yelled, yelling, yell, scolded, snotty, snobby, pretentious, sloppy, sarcastic, sarcasm,
        glared, rolled her eyes, rolled his eyes, treated like, criminal, used to love, no
        flavour, dead after, straight back, went straight back, i expected more, expected more,
        expected better, expected a lot more, rather go, beyond repair, how this place, stays
        open, no taste at all, low volume, volume is low, volume is so low, so low, very low, very
        small, so small, very thin, very short, very cheap, so cheap, cheap material, cheap
        materials, extremely slow, painfully slow, painfully, bored to, not hot, not warm, not
        cold, not crispy, not tender, not sweet, not authentic, not friendly, not helpful, not
        attentive, not accurate, not compatible, not reliable, not durable, not sturdy, not loud,
        not secure, not stay, not fit, not charge, not hold, not last, not listen, isn't loud,
        aren't good, weren't good, broken in, missing pieces, bad taste, bad experience, bad food,
        bad phone, bad idea, bad choice, poor design, poorly designed, bad design, design flaw,
        terrible product, bad product, poor product, poor experience, poor food, poor job, cold
        fries, fries were cold, stone cold, got cold, gone cold, uneven, off putting, turned off,
        turn off to, put off, overwhelming smell, odor, odour, smells bad, smelled bad, bad smell,
        stained, stains, dusty, cockroaches, bugs in, worms, flies in, undone, not done, not
        cooked, not seasoned, not fully, only had, too expensive for, for what you get, what you
        pay for, get what you pay, you get what, no service, zero service, zero taste, lowest,
        bottom of, low end, second hand, cheap crap, cheap junk, scratchy, squeaky, squeaks,
        buzzing, humming, hissing, interference, cuts in, wind noise, background noise, can
        hardly, could hardly, can barely, could barely, barely hear, hardly hear, barely worked,
        barely touched, barely edible, so loud you, wiped, ripping, clogged, leaky, bland and,
        dull and, old food, reheated, over it, over done, overdone, burns, cut corners, ignored
        us, forgot about us, forgot our, forgot my, wrong food, brought the wrong, sent the wrong,
        got the wrong, wrong item, wrong size, wrong color, wrong product, not the same, not what
        we, not what it, isn't what, false, untrue, mislead, nope, won't bother, wouldn't bother,
        not bother, why bother, trap, tourist trap, sucker, suckers, gimmick, gimmicky, cheated
        us, shortage, bare, sparse, lifeless, soulless, sterile, crammed, packed in, overcrowded,
        rushed, rush us, hurried, shoved, pushy, nasty attitude, bad attitude, snapped at, talked
        down, cussed, cursed
        """,
    -1.5: """
        would be nice, would be better, if only, could have been, should have been, supposed to,
        supposedly, so called, so-called, used to be, i was hoping, trying to
        """,
    -0.5: """
        average, so so, so-so, ordinary, plain, basic, typical, generic, just ok, just okay, only
        ok, only okay, was ok, was okay, is ok, mediocre at best, at best, ok at best, okay at
        best, cheaply, unable, why, why would, how can, how could, what happened, what's wrong,
        told me, told us, replaced, replacement, replacing, repair, repaired, fix, fixed, fixing,
        warranty, tech support, hostess, cashier, management, charge me, charged me, charged us,
        dollars, bucks, walked out, walk out, leaving, empty handed, attempted, attempt, had to,
        needed to, constantly, repeatedly, over and over, after a few, after only, after one,
        after two, after a week, after a month, within a week, within a month, two weeks, a month
        later, months later, first week, 2 weeks, 3 months, a few months, a few weeks, a few days,
        loud, noisy, noise, crowded, cramped, smaller, shorter, stiff, rough, outdated, dated,
        worn, stuck, leak, leaks, leaked, leaking, overheats, overheat, gets hot, bend, bent,
        loses, lose, losing, lost, shuts off, disconnect, disconnects, disconnected, cut off, cuts
        out, cutting out, barely any, little flavor, excuse, excuses, blame, blamed, apologize,
        apologized, apology, sorry, shame, awkwardly, skip, okay but, watch out, crummy, shoddy,
        shocked, disbelief, damn, plastic, finally came, before anybody, before anyone, get a
        different, different one, this is the second, second one, third one, other end
        """,
}
"""What speaks against the shop; the weakest band only leans, and talks of waits and repairs."""
